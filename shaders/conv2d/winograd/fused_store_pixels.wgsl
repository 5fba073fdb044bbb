// WINOGRAD: of the 2×2 outputs of a tile, those inside the image are stored.
fn store(channel: u32, image: u32, p: u32, q: u32, sum: Acc) {
  if (p < f.P && q < f.Q) {
    let to = (image * f.P + p) * f.Q + q;
    y[to] = Elem(epilogue(sum, to, channel));
  }
}

fn store_tile(channel: u32, image: u32, p: u32, q: u32, outputs: mat2x2<Acc>) {
  store(channel, image, p, q, outputs[0][0]);
  store(channel, image, p + 1, q, outputs[0][1]);
  store(channel, image, p, q + 1, outputs[1][0]);
  store(channel, image, p + 1, q + 1, outputs[1][1]);
}
