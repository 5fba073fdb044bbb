// Transformed filters, read by each invocation for itself. Those of a workgroup mostly read the same ones, so caches
// serve them.
fn load_filter(at: u32, lane: u32) -> Points { return Points(u[at], u[at + 1], u[at + 2], u[at + 3]); }

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let pairs = pair_count();
  if (index < pairs * blocks() * f.groups) { run(index % pairs, index / pairs, 0); }
}
