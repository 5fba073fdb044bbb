// WINOGRAD with a 2×2 max pool: a tile of F(2×2) is exactly a window, so one number of it is stored. A tile that
// reaches over the edge is no window.
fn store_tile(channel: u32, image: u32, p: u32, q: u32, outputs: mat2x2<Acc>) {
  if (p + 1 >= f.P || q + 1 >= f.Q) { return; }
  let sums = vec4<Acc>(outputs[0][0], outputs[1][0], outputs[0][1], outputs[1][1]);
  y[(image * (f.P / 2) + p / 2) * (f.Q / 2) + q / 2] = Elem(largest(sums, (image * f.P + p) * f.Q + q, f.Q, channel));
}
