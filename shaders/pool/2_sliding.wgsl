// POOLING, SLIDING: windows that move by one element share what lies under them.
//
// Idea: for stride 1, output q under tap s sees the same element as output q+1 under tap s-1. An invocation makes four
// outputs of a row, holds the four elements under them, and to go to the next tap shifts them by one and loads a single
// new one: 3+S loads a row of the window instead of 4·S. (conv2d/direct/2_sliding.wgsl does the same.)
// Operations: R·S comparisons or additions an output.
// Bytes: 4·R·(3+S)/4 read from the cache and 4 written an output. Needs stride 1 and dilation 1 along the width.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<uniform> pool: Pool;

fn element(row: u32, v: i32) -> f32 { return f32(x[row + u32(clamp(v, 0, i32(pool.W) - 1))]); }

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let runs = (pool.Q + LANES - 1) / LANES;
  if (index >= pool.planes * pool.P * runs) { return; }
  let q = index % runs * LANES;
  let p = index / runs % pool.P;
  let plane = index / (runs * pool.P);
  let h0 = i32(p * pool.stride_h) - i32(pool.pad_h);
  let v0 = i32(q) - i32(pool.pad_w);
  let rows = taps_inside(h0, pool.R, pool.dilation_h, pool.H);

  var state = nothing();
  for (var r = rows.first; r < rows.end; r++) {
    let h = h0 + r * i32(pool.dilation_h);
    let row = (plane * pool.H + u32(h)) * pool.W;
    var v = v0 + lane_numbers;
    var under = fetch(row, clamp(v, Whole(0), Whole(i32(pool.W) - 1)));
    for (var s = 0u; s < pool.S; s++) {
      state = take(state, under, h * i32(pool.W) + v, (v >= Whole(0)) & (v < Whole(i32(pool.W))));
      under = vec4(under.yzw, element(row, v.w + 1));
      v += 1;
    }
  }
  let first = (plane * pool.P + p) * pool.Q + q;
  for (var i = 0u; i < min(LANES, pool.Q - q); i++) { put(first + i, state, i, p, q + i); }
}
