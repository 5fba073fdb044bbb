// STREAM: reads one buffer and writes another, once each, so that memory and not a cache is what limits.
// Bytes: 16 read and 16 written an invocation.
@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index < arrayLength(&x)) { y[index] = x[index]; }
}
