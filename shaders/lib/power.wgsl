// a to the power b. WGSL's pow is undefined for negative a, and its error grows with the result's exponent; here a
// whole b keeps the sign, as in C, and small whole powers are products.

fn whole_power(a: f32, n: u32) -> f32 {
  var result = 1.0;
  var square = a;
  for (var rest = n; rest > 0u; rest >>= 1u) {
    if ((rest & 1u) == 1u) { result *= square; }
    square *= square;
  }
  return result;
}

fn torch_pow(a: f32, b: f32) -> f32 {
  if (b == 0.0 || a == 1.0) { return 1.0; }
  if (is_nan(a) || is_nan(b)) { return nan_from(a); }
  if (b == 0.5 && a >= 0.0) { return sqrt(a); }
  let whole = b == trunc(b);
  if (whole && abs(b) <= 16.0 && is_finite(a)) {
    let size = whole_power(a, u32(abs(b)));
    return select(size, 1.0 / size, b < 0.0);
  }
  if (a < 0.0 && !whole && is_finite(a)) { return nan_from(a); }
  let size = positive_power(abs(a), b);
  return select(size, -size, is_negative(a) && whole && abs(b) < 16777216.0 && (i32(abs(b)) & 1) == 1);
}

// a is 0, positive or infinite; b is not 0.
fn positive_power(a: f32, b: f32) -> f32 {
  if (a == 0.0 || is_infinite(a)) { return select(0.0, infinity_from(a), is_infinite(a) == (b > 0.0)); }
  if (is_infinite(b)) {
    if (a == 1.0) { return 1.0; }
    return select(0.0, infinity_from(a), (a > 1.0) == (b > 0.0));
  }
  // log2(a) = k + l. b is cut in two, so that its product with k is exact but for the last bits, and only l's error
  // grows.
  let p = parts_of(a);
  let l = log1p_near_zero(p.f - 1.0) * LOG2_E;
  let high = bitcast<f32>(bitcast<u32>(b) & 0xffff0000u);
  let exact = high * p.k;
  let n = round(exact);
  let rest = clamp((exact - n) + (b - high) * p.k + b * l, -400.0, 400.0);
  let more = round(rest);
  return exp2_of(n + more, rest - more);
}

// Wraps as integers do; a negative power is 0 except of 1 and -1.
fn whole_power_int(a: i32, n: i32) -> i32 {
  if (n < 0) { return select(0, select(1, a, (n & 1) == 1), a == 1 || a == -1); }
  var result = 1;
  var square = a;
  for (var rest = n; rest > 0; rest >>= 1u) {
    if ((rest & 1) == 1) { result *= square; }
    square *= square;
  }
  return result;
}
