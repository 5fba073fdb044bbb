// WINOGRAD_NONFUSED: from the products back to the output. y = Aᵀ·m·A, then the epilogue.
//
// Idea: Aᵀ interpolates M outputs in each direction from 6 products. One invocation a tile of one output channel.
// Bytes: reads 4·36 a tile, writes 4·M². Outputs beyond the edge (P or Q no multiple of M) are computed, not stored.
@group(0) @binding(0) var<storage, read> m: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<Elem>;
@group(0) @binding(2) var<uniform> tiles: Tiles;

fn load_column(at: u32) -> Six {
  return Six(
    m[at], m[at + 6 * tiles.point_stride], m[at + 12 * tiles.point_stride],
    m[at + 18 * tiles.point_stride], m[at + 24 * tiles.point_stride], m[at + 30 * tiles.point_stride],
  );
}

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

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= tiles.groups * tiles.channels * tiles.count) { return; }
  let tile = tile_at(tiles, index);
  let at = tile.points;
  let step = tiles.point_stride;

  let outputs = transform_tile(array<Six, 6>(
    load_column(at), load_column(at + step), load_column(at + 2 * step),
    load_column(at + 3 * step), load_column(at + 4 * step), load_column(at + 5 * step),
  ));
  store_row(tile, 0, outputs[0]);
  store_row(tile, 1, outputs[1]);
  if (M > 2) { store_row(tile, 2, outputs[2]); }
  if (M > 3) { store_row(tile, 3, outputs[3]); }
}
