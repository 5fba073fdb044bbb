// LOAD: reads that the caches answer, as the operands of a kernel without blocks are: one of two is the same for all
// invocations, one is adjacent.
// Bytes read: 2·STEPS elements an invocation, from a buffer of ELEMENTS elements.
@group(0) @binding(0) var<storage, read> x: array<Number>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>) {
  var sum = Number(0);
  for (var i = 0u; i < STEPS; i++) {
    sum += x[(i * 7u) & (ELEMENTS - 1u)] * x[(gid.x + i * 16u) & (ELEMENTS - 1u)];
  }
  if (all(sum == Number(0.1234))) { out[gid.x] = 1.0; }
}
