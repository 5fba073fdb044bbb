// WINOGRAD_NONFUSED: image tiles, transformed. V = T·d·Tᵀ, where T is Bᵀ for inputs, and G where an image plays the
// filter.
//
// Idea: STEP×STEP outputs need TAPS×TAPS inputs, so neighbouring tiles overlap. T evaluates a tile at 6 points, first
// down its columns, then along its rows. In the filter's gradient dy is cut into tiles that do not overlap, and each is
// a filter. One invocation a tile of one channel; neighbours hold neighbouring tiles.
// Operations: 312 multiply-adds with the constants of Bᵀ a tile; with those of G, 180 of 4×4 and 80 of 2×2.
// Bytes: each input is read TAPS²/STEP² times (mostly from a cache), 4·36 written a tile, 2·36 where the product is
// made in float16. Zeros stand in for padding.
// Source: Lavin and Gray, arXiv 1509.09308, section 4.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> v: array<Acc>;
@group(0) @binding(2) var<uniform> tiles: Tiles;

// Row i, column j of the tile that begins at (h, w).
fn load(tile: Tile, h: i32, w: i32, i: i32, j: i32) -> f32 {
  if (i >= TAPS || j >= TAPS) { return 0.0; }
  let inside = (h + i >= 0) & (h + i < i32(tiles.H)) & (w + j >= 0) & (w + j < i32(tiles.W));
  return select(0.0, f32(x[select(0u, (tile.image_row + u32(h + i)) * tiles.W + u32(w + j), inside)]), inside);
}

fn load_column(tile: Tile, h: i32, w: i32, j: i32) -> Six {
  return Six(load(tile, h, w, 0, j), load(tile, h, w, 1, j), load(tile, h, w, 2, j), load(tile, h, w, 3, j), load(tile, h, w, 4, j), load(tile, h, w, 5, j));
}

fn store_row(to: u32, row: Six) {
  v[to] = Acc(row[0]);
  v[to + tiles.point_stride] = Acc(row[1]);
  v[to + 2 * tiles.point_stride] = Acc(row[2]);
  v[to + 3 * tiles.point_stride] = Acc(row[3]);
  v[to + 4 * tiles.point_stride] = Acc(row[4]);
  v[to + 5 * tiles.point_stride] = Acc(row[5]);
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= tiles.groups * tiles.channels * tiles.count) { return; }
  let tile = tile_at(tiles, index);
  let h = i32(tile.row * STEP) - tiles.pad_top;
  let w = i32(tile.column * STEP) - tiles.pad_left;

  let points = transform_tile(array<Six, 6>(
    load_column(tile, h, w, 0), load_column(tile, h, w, 1), load_column(tile, h, w, 2),
    load_column(tile, h, w, 3), load_column(tile, h, w, 4), load_column(tile, h, w, 5),
  ));
  store_row(tile.points, points[0]);
  store_row(tile.points + 6 * tiles.point_stride, points[1]);
  store_row(tile.points + 12 * tiles.point_stride, points[2]);
  store_row(tile.points + 18 * tiles.point_stride, points[3]);
  store_row(tile.points + 24 * tiles.point_stride, points[4]);
  store_row(tile.points + 30 * tiles.point_stride, points[5]);
}
