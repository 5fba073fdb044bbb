// AVERAGE POOL, GRADIENT: each element of dx sums dy / divisor_of() of the windows that contain it.
//
// Idea: gather instead of scatter, as in 2_max_backward.wgsl.
// Bytes: 4 read for each window visited (at most ⌈R/stride⌉·⌈S/stride⌉), 4 written an input element.
@group(0) @binding(0) var<storage, read> dy: array<Elem>;
@group(0) @binding(1) var<uniform> pool: Pool;
@group(0) @binding(2) var<storage, read_write> dx: array<Elem>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= pool.planes * pool.H * pool.W) { return; }
  let plane = index / (pool.H * pool.W);
  let p_range = windows_over(index / pool.W % pool.H, pool.pad_h, pool.R - 1, pool.stride_h, pool.P);
  let q_range = windows_over(index % pool.W, pool.pad_w, pool.S - 1, pool.stride_w, pool.Q);

  var sum = Acc(0);
  for (var p = u32(p_range.first); p < u32(max(p_range.end, p_range.first)); p++) {
    for (var q = u32(q_range.first); q < u32(max(q_range.end, q_range.first)); q++) {
      sum += Acc(dy[(plane * pool.P + p) * pool.Q + q]) / Acc(divisor_of(pool, p, q));
    }
  }
  dx[index] = Elem(sum);
}
