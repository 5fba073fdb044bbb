// Unsigned keys in the order of floats: negative ones are turned around; a NaN is the greatest; −0 equals 0.
fn key_of(v: Elem) -> u32 {
  let f = f32(v);
  let bits = bitcast<u32>(f);
  if (is_nan(f)) { return 0xffffffffu; }
  if (f == 0.0) { return 0x80000000u; }
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}
