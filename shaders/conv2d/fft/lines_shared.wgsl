// Lines in two steps (two_steps.wgsl) by workgroups: FIRST invocations share a line and exchange once through workgroup
// memory. Neighbouring invocations hold neighbouring lines, whose numbers mostly lie side by side. Barriers: one.

// Of each line in the workgroup.
var<workgroup> exchange: array<Complex, LINES * LENGTH>;

@compute @workgroup_size(LINES, FIRST)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lid: vec3<u32>) {
  let line = (wid.y * groups.x + wid.x) * LINES + lid.x;
  let at = lid.x * LENGTH;
  let inside = line < line_count();
  if (inside && lid.y < SECOND) { first_step(line, at, lid.y); }
  workgroupBarrier();
  if (inside) { second_step(line, at, lid.y); }
}
