// Numbers of 16 bits, two to a word, the first in the lower half. They are made by their bits: WGSL leaves open how
// pack2x16float rounds and what it makes of numbers beyond float16, and compilers take floats for finite.

fn half_word(word: u32, index: u32) -> u32 { return (word >> (16u * (index & 1u))) & 0xffffu; }

// A bfloat16 is the upper half of a float32; rounded to nearest even.
fn bfloat16_from(bits: u32) -> f32 { return bitcast<f32>(bits << 16u); }
fn bfloat16_bits(v: f32) -> u32 {
  let bits = bitcast<u32>(v);
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return 0x7fc0u; }
  return (bits + 0x7fffu + ((bits >> 16u) & 1u)) >> 16u;
}

fn float16_from(bits: u32) -> f32 {
  let sign = (bits & 0x8000u) << 16u;
  let size = bits & 0x7fffu;
  if (size >= 0x7c00u) { return bitcast<f32>(sign | 0x7f800000u | ((size & 0x3ffu) << 13u)); }
  // Below 2^-14 multiples of 2^-24.
  if (size < 0x400u) { return bitcast<f32>(sign | bitcast<u32>(f32(size) * 5.9604645e-8)); }
  return bitcast<f32>(sign | ((size << 13u) + 0x38000000u));
}
fn float16_bits(v: f32) -> u32 {
  let bits = bitcast<u32>(v);
  let sign = (bits >> 16u) & 0x8000u;
  let size = bits & 0x7fffffffu;
  if (size > 0x7f800000u) { return sign | 0x7e00u; }
  if (size >= 0x477ff000u) { return sign | 0x7c00u; } // from 65520 on
  if (size >= 0x38800000u) { return sign | ((size - 0x38000000u + 0xfffu + ((size >> 13u) & 1u)) >> 13u); }
  // Below 2^-14: the last places that 24 bits have beside 0.5 are multiples of 2^-24.
  return sign | (bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u);
}
