// Lines in two steps (two_steps.wgsl), each by one invocation: no barriers, no workgroup memory. What goes from step to
// step lies in memory of its own, up to 2 KiB, which a cache holds; a GPU has less of that than of workgroup memory.
var<private> exchange: array<Complex, LENGTH>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let line = linear_invocation(gid, groups, GROUP);
  if (line >= line_count()) { return; }
  for (var b = 0u; b < SECOND; b++) { first_step(line, 0, b); }
  for (var k1 = 0u; k1 < FIRST; k1++) { second_step(line, 0, k1); }
}
