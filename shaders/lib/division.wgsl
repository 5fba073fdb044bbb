// Remainders, exact as in C whatever the quotient's size, and the divisions that belong to them.

// The remainder of a / b with the sign of a: long division of the mantissas, a bit a step.
fn torch_fmod(a: f32, b: f32) -> f32 {
  if (!is_finite(a) || is_nan(b) || b == 0.0) { return nan_from(a); }
  let divisor = abs(b);
  if (abs(a) < divisor) { return a; }
  let size_a = bitcast<u32>(a) & 0x7fffffffu;
  let size_b = bitcast<u32>(b) & 0x7fffffffu;
  let exponent_b = max(size_b >> 23u, 1u);
  let steps = max(size_a >> 23u, 1u) - exponent_b;
  let whole_b = (size_b & 0x007fffffu) | select(0u, 0x00800000u, size_b >= 0x00800000u);
  var rest = (size_a & 0x007fffffu) | select(0u, 0x00800000u, size_a >= 0x00800000u);
  for (var i = 0u; i <= steps; i++) {
    if (rest >= whole_b) { rest -= whole_b; }
    if (i < steps) { rest <<= 1u; }
  }
  // rest counts units of the last place of b.
  let half = (i32(exponent_b) - 150) / 2;
  return with_sign(f32(rest) * power_of_two(half) * power_of_two(i32(exponent_b) - 150 - half), a);
}

// The remainder with the sign of b, as Python's %.
fn torch_remainder(a: f32, b: f32) -> f32 {
  let rest = torch_fmod(a, b);
  return select(rest, rest + b, rest != 0.0 && (is_negative(rest) != is_negative(b)));
}

// The largest whole number not above a / b: from the remainder, since a / b itself may be rounded up to the next one.
fn torch_floor_divide(a: f32, b: f32) -> f32 {
  if (b == 0.0) { return a / b; }
  let rest = torch_fmod(a, b);
  let quotient = (a - rest) / b - select(0.0, 1.0, rest != 0.0 && (is_negative(rest) != is_negative(b)));
  if (quotient == 0.0) { return with_sign(0.0, a / b); }
  let whole = floor(quotient);
  return select(whole, whole + 1.0, quotient - whole > 0.5);
}

fn remainder_int(a: i32, b: i32) -> i32 {
  let rest = a % b;
  return select(rest, rest + b, rest != 0 && ((rest < 0) != (b < 0)));
}

fn floor_divide_int(a: i32, b: i32) -> i32 {
  let quotient = a / b;
  return select(quotient, quotient - 1, a % b != 0 && ((a < 0) != (b < 0)));
}
