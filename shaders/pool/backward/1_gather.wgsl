// POOLING, GRADIENT, GATHER: each element of dx sums its shares of the windows that contain it.
//
// Idea: gather instead of scatter. One invocation an input element visits the windows over it (at most
// ⌈R/stride⌉·⌈S/stride⌉ for dilation 1): no atomics, the same bits each time.
// Operations: an addition, for a maximum a comparison too, for each window visited.
// Bytes: 4 read for each window visited (8 for a maximum: dy and its place), 4 written an input element.
@group(0) @binding(0) var<storage, read> dy: array<Elem>;
@group(0) @binding(1) var<storage, read_write> dx: array<Elem>;
@group(0) @binding(2) var<uniform> pool: Pool;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= pool.planes * pool.H * pool.W) { return; }
  let plane = index / (pool.H * pool.W);
  let here = index % (pool.H * pool.W);
  let p_range = windows_over(here / pool.W, pool.pad_h, (pool.R - 1) * pool.dilation_h, pool.stride_h, pool.P);
  let q_range = windows_over(here % pool.W, pool.pad_w, (pool.S - 1) * pool.dilation_w, pool.stride_w, pool.Q);

  var sum = 0.0;
  for (var p = p_range.first; p < p_range.end; p++) {
    for (var q = q_range.first; q < q_range.end; q++) {
      sum += share_at(share_of((plane * pool.P + u32(p)) * pool.Q + u32(q), u32(p), u32(q)), i32(here));
    }
  }
  dx[index] = Elem(sum);
}
