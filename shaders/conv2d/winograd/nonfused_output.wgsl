// WINOGRAD_NONFUSED: from the products back to the output. y = Aᵀ·m·A, then the epilogue.
//
// Idea: Aᵀ interpolates M outputs in each direction from 6 products. One invocation a tile of one output channel.
// Operations: 180 multiply-adds with the constants of Aᵀ a tile of 4×4 outputs, 80 of 2×2.
// Bytes: reads 4·36 a tile, writes 4·M², or a quarter of it where nonfused_store_windows.wgsl pools. Outputs beyond the
// edge (P or Q no multiple of M) are computed, not stored.
// Source: Lavin and Gray, arXiv 1509.09308, section 4.
@group(0) @binding(0) var<storage, read> m: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<Elem>;
@group(0) @binding(2) var<uniform> tiles: Tiles;

fn load_column(at: u32) -> Six {
  return Six(
    m[at], m[at + 6 * tiles.point_stride], m[at + 12 * tiles.point_stride],
    m[at + 18 * tiles.point_stride], m[at + 24 * tiles.point_stride], m[at + 30 * tiles.point_stride],
  );
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
  store_rows(tile, 0, outputs[0], outputs[1]);
  if (M > 2) { store_rows(tile, 2, outputs[2], outputs[3]); }
}
