// AVERAGE POOL: y = the sum under the window, divided by divisor_of().
//
// Idea: one invocation an output; padding counts as zero. What the sum is divided by is a file of its own.
// Bytes: 4·R·S read (mostly from the cache, where windows overlap) and 4 written an output.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<uniform> pool: Pool;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= pool.planes * pool.P * pool.Q) { return; }
  let plane = index / (pool.P * pool.Q);
  let p = index / pool.Q % pool.P;
  let q = index % pool.Q;
  let h0 = i32(p * pool.stride_h) - i32(pool.pad_h);
  let w0 = i32(q * pool.stride_w) - i32(pool.pad_w);
  let rows = taps_inside(h0, pool.R, pool.dilation_h, pool.H);
  let columns = taps_inside(w0, pool.S, pool.dilation_w, pool.W);

  var sum = Acc(0);
  for (var r = rows.first; r < rows.end; r++) {
    for (var s = columns.first; s < columns.end; s++) {
      sum += Acc(x[(plane * pool.H + u32(h0 + r)) * pool.W + u32(w0 + s)]);
    }
  }
  y[index] = Elem(sum / Acc(divisor_of(pool, p, q)));
}
