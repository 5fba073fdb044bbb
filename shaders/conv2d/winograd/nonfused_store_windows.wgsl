// WINOGRAD_NONFUSED with a 2×2 max pool: M is even, so no window is cut, and a tile holds M/2 × M/2 of them.
fn store_window(tile: Tile, p: u32, q: u32, sums: vec4<f32>) {
  if (p + 1 >= tiles.H || q + 1 >= tiles.W) { return; }
  let image = tile.image_row / tiles.H;
  let at = (tile.image_row + p) * tiles.W + q;
  y[(image * (tiles.H / 2) + p / 2) * (tiles.W / 2) + q / 2] = Elem(largest(sums, at, tiles.W, tile.channel));
}

// The windows over rows i and i + 1 of a tile.
fn store_rows(tile: Tile, i: u32, upper: Six, lower: Six) {
  let p = tile.row * M + i;
  let q = tile.column * M;
  store_window(tile, p, q, vec4<f32>(upper[0], upper[1], lower[0], lower[1]));
  if (M > 2) { store_window(tile, p, q + 2, vec4<f32>(upper[2], upper[3], lower[2], lower[3])); }
}
