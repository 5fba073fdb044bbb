// LAUNCH: a kernel that does nothing worth mentioning. One workgroup of it shows what a launch costs, many show what a
// workgroup costs.
@group(0) @binding(0) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>) {
  if (gid.x == 0xffffffffu) { out[0] = 1.0; }
}
