// Transformed filters, read by a subgroup together: each lane loads one of a filter's four columns and broadcasts it. A
// workgroup is one subgroup, and all its pairs of tiles want the same filters.
fn load_filter(at: u32, lane: u32) -> Points {
  let own = u[at + lane % 4];
  return Points(subgroupBroadcast(own, 0), subgroupBroadcast(own, 1), subgroupBroadcast(own, 2), subgroupBroadcast(own, 3));
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lid: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let index = wid.y * groups.x + wid.x;
  let rows = (pair_count() + LANES - 1) / LANES;
  if (index < rows * blocks() * f.groups) { run(index % rows * LANES + lid.x, index / rows, lane); }
}
