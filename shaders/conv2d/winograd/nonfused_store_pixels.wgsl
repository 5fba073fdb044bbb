// WINOGRAD_NONFUSED: of the M×M outputs of a tile, those inside the image are stored.
fn store(tile: Tile, p: u32, q: u32, sum: f32) {
  if (p < tiles.H && q < tiles.W) {
    let to = (tile.image_row + p) * tiles.W + q;
    y[to] = Elem(epilogue(sum, to, tile.channel));
  }
}

fn store_row(tile: Tile, i: u32, row: Six) {
  let p = tile.row * M + i;
  let q = tile.column * M;
  store(tile, p, q, row[0]);
  store(tile, p, q + 1, row[1]);
  if (M > 2) { store(tile, p, q + 2, row[2]); }
  if (M > 3) { store(tile, p, q + 3, row[3]); }
}

// Rows i and i + 1 of a tile.
fn store_rows(tile: Tile, i: u32, upper: Six, lower: Six) {
  store_row(tile, i, upper);
  store_row(tile, i + 1, lower);
}
