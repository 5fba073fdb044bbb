// Rows of a, read by each invocation for itself. All invocations of a workgroup read the same ones, so caches serve
// them.
fn eight_rows(step: Step, row: u32) -> Eight {
  return Eight(
    Four(a_element(step, row + 0), a_element(step, row + 1), a_element(step, row + 2), a_element(step, row + 3)),
    Four(a_element(step, row + 4), a_element(step, row + 5), a_element(step, row + 6), a_element(step, row + 7)),
  );
}

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lid: vec3<u32>) {
  run(wid.y * groups.x + wid.x, lid.x, 0);
}
