// EXPONENTIAL: what a softmax takes for each score, beside its sums.
// Operations: STEPS exponentials an invocation, each of a number that does not depend on the one before.
@group(0) @binding(0) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>) {
  let a = f32(gid.x & 7u) * 0.125;
  var sum = 0.0;
  for (var i = 0u; i < STEPS; i++) { sum += torch_exp(a - f32(i)); }
  // Never true, but the compiler does not know it.
  if (sum == 0.1234) { out[gid.x] = 1.0; }
}
