// Rows of a, read by each invocation for itself, four at a time.
fn eight_rows(step: Step, row: u32) -> Eight { return Eight(a_four(step, row), a_four(step, row + 4)); }

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lid: vec3<u32>) {
  run(wid.y * groups.x + wid.x, lid.x, 0);
}
