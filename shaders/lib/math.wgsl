// Numbers by their bits, and functions that WGSL lacks. A WGSL compiler may take every float for finite, so that a test
// such as v != v can vanish; tests on bits stay.

// WGSL refuses constants that are not finite, so these are made from a value that the compiler does not know.
fn nan_from(unknown: f32) -> f32 { return bitcast<f32>(0x7fc00000u | (bitcast<u32>(unknown) & 1u)); }
fn infinity_from(unknown: f32) -> f32 { return bitcast<f32>(0x7f800000u | (bitcast<u32>(unknown) & 0u)); }

// The same number, by way of a 0 that the compiler does not know, so that it cannot tell that two numbers are one.
fn known_only_now(v: f32, zero: u32) -> f32 { return bitcast<f32>(bitcast<u32>(v) ^ zero); }

fn is_nan(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u; }
fn is_infinite(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) == 0x7f800000u; }
fn is_finite(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) < 0x7f800000u; }

fn is_negative(v: f32) -> bool { return (bitcast<u32>(v) & 0x80000000u) != 0u; }
// The size of one number with the sign of another; keeps the sign of zero.
fn with_sign(size: f32, sign: f32) -> f32 { return bitcast<f32>((bitcast<u32>(size) & 0x7fffffffu) | (bitcast<u32>(sign) & 0x80000000u)); }

// 2 to a whole power from -126 to 127.
fn power_of_two(n: i32) -> f32 { return bitcast<f32>(u32(n + 127) << 23u); }

// The larger and the smaller of two; NaN where either is, as in PyTorch; of equal ones the first.
fn larger(a: f32, b: f32) -> f32 { return select(a, b, (a < b && !is_nan(a)) || is_nan(b)); }
fn smaller(a: f32, b: f32) -> f32 { return select(a, b, (b < a && !is_nan(a)) || is_nan(b)); }
fn larger_int(a: i32, b: i32) -> i32 { return max(a, b); }
fn smaller_int(a: i32, b: i32) -> i32 { return min(a, b); }

// sqrt(a² + b²), scaled so that no square overflows or vanishes.
fn hypotenuse(a: f32, b: f32) -> f32 {
  if (is_infinite(a) || is_infinite(b)) { return infinity_from(a); }
  let size = larger(abs(a), abs(b));
  if (size == 0.0 || is_nan(size)) { return size; }
  let rest = smaller(abs(a), abs(b)) / size;
  return size * sqrt(1.0 + rest * rest);
}
