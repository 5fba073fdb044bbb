// Scalar functions that WGSL lacks or leaves undefined where PyTorch defines them.

// WGSL refuses constants that are not finite, so these are made from a value that the compiler does not know.
fn nan_from(unknown: f32) -> f32 { return bitcast<f32>(0x7fc00000u | (bitcast<u32>(unknown) & 1u)); }
fn is_nan(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u; }

// a to the power b. WGSL's pow is undefined for negative a; here a whole b keeps the sign, as in C.
fn torch_pow(a: f32, b: f32) -> f32 {
  if (b == 0.0) { return 1.0; }
  if (b == 1.0) { return a; }
  if (b == 2.0) { return a * a; }
  let size = pow(abs(a), b);
  if (a >= 0.0) { return size; }
  if (b != trunc(b)) { return nan_from(b); }
  return select(size, -size, abs(b) % 2.0 == 1.0);
}
