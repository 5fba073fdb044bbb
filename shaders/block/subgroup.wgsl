// Rows of a, read by a subgroup together.
//
// Idea: each lane loads one row's element and broadcasts it, so eight rows cost one load (two, where a subgroup has
// four lanes) instead of eight. No barrier and no workgroup memory: a broadcast is a register move.
fn eight_rows(step: Step, row: u32) -> Eight {
  let own = a_element(step, row + step.lane % 8);
  if (LANES >= 8) {
    return Eight(
      Four(subgroupBroadcast(own, 0), subgroupBroadcast(own, 1), subgroupBroadcast(own, 2), subgroupBroadcast(own, 3)),
      Four(subgroupBroadcast(own, 4 % LANES), subgroupBroadcast(own, 5 % LANES), subgroupBroadcast(own, 6 % LANES), subgroupBroadcast(own, 7 % LANES)),
    );
  }
  let next = a_element(step, row + 4 + step.lane);
  return Eight(
    Four(subgroupBroadcast(own, 0), subgroupBroadcast(own, 1), subgroupBroadcast(own, 2), subgroupBroadcast(own, 3)),
    Four(subgroupBroadcast(next, 0), subgroupBroadcast(next, 1), subgroupBroadcast(next, 2), subgroupBroadcast(next, 3)),
  );
}

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lid: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  run(wid.y * groups.x + wid.x, lid.x, lane);
}
