// MAX POOL: y = the largest element under the window; padding never wins.
//
// Idea: one invocation an output. The taps that fall on padding are cut off before the loops, so the loops have no test.
// Bytes: 4·R·S read (mostly from the cache, where windows overlap) and 4 written an output. A NaN under the window wins,
// as in PyTorch.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Elem>;
@group(0) @binding(2) var<uniform> pool: Pool;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= pool.planes * pool.P * pool.Q) { return; }
  let plane = index / (pool.P * pool.Q);
  let h0 = i32(index / pool.Q % pool.P * pool.stride_h) - i32(pool.pad_h);
  let w0 = i32(index % pool.Q * pool.stride_w) - i32(pool.pad_w);
  let rows = taps_inside(h0, pool.R, pool.dilation_h, pool.H);
  let columns = taps_inside(w0, pool.S, pool.dilation_w, pool.W);

  var best = x[place(plane, h0, w0, rows.first, columns.first)];
  for (var r = rows.first; r < rows.end; r++) {
    for (var s = columns.first; s < columns.end; s++) {
      let element = x[place(plane, h0, w0, r, s)];
      best = select(best, element, element > best || element != element);
    }
  }
  y[index] = best;
}

fn place(plane: u32, h0: i32, w0: i32, r: i32, s: i32) -> u32 {
  let h = u32(h0 + r * i32(pool.dilation_h));
  let v = u32(w0 + s * i32(pool.dilation_w));
  return (plane * pool.H + h) * pool.W + v;
}
