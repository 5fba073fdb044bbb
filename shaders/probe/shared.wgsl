// SHARED: workgroup memory, read twice for each multiplication, as a tiled kernel does between two barriers.
// Accesses: 2·STEPS an invocation.
@group(0) @binding(0) var<storage, read_write> out: array<f32>;

var<workgroup> tile: array<f32, GROUP>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  tile[local] = f32(local);
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < STEPS; i++) {
    sum += tile[i & (GROUP - 1u)] * tile[(local + i) & (GROUP - 1u)];
  }
  if (sum == 0.1234) { out[gid.x] = 1.0; }
}
