// POOLING, DIRECT: the definition. What is done with an element under a window is a file of its own (max.wgsl,
// average.wgsl).
//
// Idea: an invocation makes LANES neighbouring outputs of a row; with four of them the division that finds out where it
// is serves four outputs, and comparisons and sums go by fours. Rows of the window that fall on padding are cut off
// before the loops; columns that do are read from the row's edge and not taken.
// Operations: R·S comparisons or additions an output.
// Bytes: 4·R·S read (mostly from the cache, where windows overlap) and 4 written an output.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<uniform> pool: Pool;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let runs = (pool.Q + LANES - 1) / LANES;
  if (index >= pool.planes * pool.P * runs) { return; }
  let q = index % runs * LANES;
  let p = index / runs % pool.P;
  let plane = index / (runs * pool.P);
  let h0 = i32(p * pool.stride_h) - i32(pool.pad_h);
  let v0 = (Whole(i32(q)) + Whole(lane_numbers)) * i32(pool.stride_w) - i32(pool.pad_w);
  let rows = taps_inside(h0, pool.R, pool.dilation_h, pool.H);
  let edge = Whole(i32(pool.W) - 1);

  var state = nothing();
  for (var r = rows.first; r < rows.end; r++) {
    let h = h0 + r * i32(pool.dilation_h);
    let row = (plane * pool.H + u32(h)) * pool.W;
    var v = v0;
    for (var s = 0u; s < pool.S; s++) {
      let inside = (v >= Whole(0)) & (v <= edge);
      state = take(state, fetch(row, clamp(v, Whole(0), edge)), h * i32(pool.W) + v, inside);
      v += i32(pool.dilation_w);
    }
  }
  let first = (plane * pool.P + p) * pool.Q + q;
  for (var i = 0u; i < min(LANES, pool.Q - q); i++) { put(first + i, state, i, p, q + i); }
}
