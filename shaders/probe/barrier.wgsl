// BARRIER: STEPS barriers an invocation, with one access to workgroup memory between two, so that none can be left out.
@group(0) @binding(0) var<storage, read_write> out: array<f32>;

var<workgroup> tile: array<f32, GROUP>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  tile[local] = f32(local);
  var sum = 0.0;
  for (var i = 0u; i < STEPS; i++) {
    workgroupBarrier();
    sum += tile[(local + i) & (GROUP - 1u)];
  }
  if (sum == 0.1234) { out[gid.x] = 1.0; }
}
