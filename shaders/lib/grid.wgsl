// The linear number of this invocation on a grid that linearGrid() may have folded into two rows of workgroups.
fn linear_invocation(gid: vec3<u32>, groups: vec3<u32>, group_size: u32) -> u32 {
  return gid.y * groups.x * group_size + gid.x;
}
