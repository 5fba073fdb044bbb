// FMA: the ceiling of arithmetic. Eight sums that do not depend on each other, so that no multiplication waits for the
// one before.
// Operations: 8·STEPS fused multiply-adds an invocation, times the lanes of Number. Bytes: none worth counting.
@group(0) @binding(0) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>) {
  let a = Number(Scalar(gid.x & 7u) * Scalar(0.125));
  var s0 = a; var s1 = a + Number(1); var s2 = a + Number(2); var s3 = a + Number(3);
  var s4 = a + Number(4); var s5 = a + Number(5); var s6 = a + Number(6); var s7 = a + Number(7);
  for (var i = 0u; i < STEPS; i++) {
    s0 = s0 * a + s1; s1 = s1 * a + s2; s2 = s2 * a + s3; s3 = s3 * a + s4;
    s4 = s4 * a + s5; s5 = s5 * a + s6; s6 = s6 * a + s7; s7 = s7 * a + s0;
  }
  let sum = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
  // Never true, but the compiler does not know it.
  if (all(sum == Number(0.1234))) { out[gid.x] = 1.0; }
}
