// Sine, cosine, tangent and their inverses to about 2 units in the last place, for arguments of any size.
// Sources: polynomials and reduction of small arguments as in Cephes (S. L. Moshier, 1984-1992); reduction of large
// ones by M. H. Payne and R. N. Hanek, "Radian reduction for trigonometric functions", 1983.

// An angle as quadrant π/2 + rest with |rest| <= π/4.
struct Angle { rest: f32, quadrant: u32 }

fn reduced(x: f32) -> Angle {
  if (abs(x) < 1000.0) {
    let n = round(x * 0.636619772);
    // π/2 in three parts of few bits, so that products with n are exact.
    let rest = ((x - n * 1.5703125) - n * 4.837512969970703125e-4) - n * 7.54978995489188216e-8;
    return Angle(rest, bitcast<u32>(i32(n)));
  }
  return reduced_exactly(x);
}

// The high word of a product of two words.
fn multiply_high(a: u32, b: u32) -> u32 {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let middle = a1 * b0 + ((a0 * b0) >> 16u);
  return a1 * b1 + (middle >> 16u) + ((a0 * b1 + (middle & 0xffffu)) >> 16u);
}

// Multiplies the 24 bits of x by those 96 bits of 1/(2π) that matter: bits before them give whole turns. The top two
// bits of the product are the quadrant, the rest a fraction of π/2 in 62 bits.
fn reduced_exactly(x: f32) -> Angle {
  const TURNS = array<u32, 8>(0u, 0x28be60dbu, 0x9391054au, 0x7f09d5f4u, 0x7d4d3770u, 0x36d8a566u, 0x4f10e410u, 0x7f9458eau);
  let digits = TURNS;
  let bits = bitcast<u32>(x);
  let m = ((bits & 0x007fffffu) << 8u) | 0x80000000u;
  let e = ((bits >> 23u) & 0xffu) - 126u;
  let at = min(e >> 5u, 4u);
  let shift = e & 31u;
  // Shifted twice, since a shift by 32 bits is none.
  let high = (digits[at] << shift) | ((digits[at + 1u] >> (31u - shift)) >> 1u);
  let mid = (digits[at + 1u] << shift) | ((digits[at + 2u] >> (31u - shift)) >> 1u);
  let low = (digits[at + 2u] << shift) | ((digits[at + 3u] >> (31u - shift)) >> 1u);
  let carried = multiply_high(m, low);
  let product_mid = m * mid;
  var fraction_low = carried + product_mid;
  let carry = select(0u, 1u, fraction_low < product_mid);
  var fraction = multiply_high(m, mid) + carry + m * high;
  var quadrant = fraction >> 30u;
  fraction &= 0x3fffffffu;
  let over = (fraction & 0x20000000u) != 0u;
  if (over) { // more than half: count from the next quadrant backward
    quadrant += 1u;
    fraction_low = ~fraction_low + 1u;
    fraction = (~fraction + select(0u, 1u, fraction_low == 0u)) & 0x3fffffffu;
  }
  let size = (f32(fraction) * 9.31322575e-10 + f32(fraction_low) * 2.16840434e-19) * 1.57079633;
  if (is_negative(x)) { return Angle(select(-size, size, over), ~quadrant + 1u); }
  return Angle(select(size, -size, over), quadrant);
}

fn sine_near_zero(r: f32) -> f32 {
  let z = r * r;
  return ((-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1) * z * r + r;
}
fn cosine_near_zero(r: f32) -> f32 {
  let z = r * r;
  return ((2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2) * z * z - 0.5 * z + 1.0;
}

// The sine of an angle some quadrants further.
fn sine_of(angle: Angle, further: u32) -> f32 {
  let quadrant = angle.quadrant + further;
  let size = select(sine_near_zero(angle.rest), cosine_near_zero(angle.rest), (quadrant & 1u) == 1u);
  return select(size, -size, (quadrant & 2u) == 2u);
}

fn torch_sin(x: f32) -> f32 {
  if (x == 0.0 || !is_finite(x)) { return select(nan_from(x), x, x == 0.0); }
  return sine_of(reduced(x), 0u);
}

fn torch_cos(x: f32) -> f32 {
  if (!is_finite(x)) { return nan_from(x); }
  return sine_of(reduced(x), 1u);
}

fn torch_tan(x: f32) -> f32 {
  if (x == 0.0 || !is_finite(x)) { return select(nan_from(x), x, x == 0.0); }
  let angle = reduced(x);
  return sine_of(angle, 0u) / sine_of(angle, 1u);
}

// asin of a number from 0 to 0.5.
fn arcsine_near_zero(a: f32) -> f32 {
  let z = a * a;
  return ((((4.2163199048e-2 * z + 2.4181311049e-2) * z + 4.5470025998e-2) * z + 7.4953002686e-2) * z + 1.6666752422e-1) * z * a + a;
}

fn torch_asin(x: f32) -> f32 {
  let a = abs(x);
  if (!(a <= 1.0)) { return nan_from(x); }
  if (a <= 0.5) { return with_sign(arcsine_near_zero(a), x); }
  return with_sign(1.57079633 - 2.0 * arcsine_near_zero(sqrt(0.5 - 0.5 * a)), x);
}

fn torch_acos(x: f32) -> f32 {
  let a = abs(x);
  if (!(a <= 1.0)) { return nan_from(x); }
  if (a <= 0.5) { return 1.57079633 - with_sign(arcsine_near_zero(a), x); }
  let small = 2.0 * arcsine_near_zero(sqrt(0.5 - 0.5 * a));
  return select(small, 3.14159265 - small, x < 0.0);
}

fn torch_atan(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let a = abs(x);
  var start = 0.0;
  var rest = a;
  if (a > 2.41421356) {
    start = 1.57079633;
    rest = select(-1.0 / a, 0.0, is_infinite(x));
  } else if (a > 0.414213562) {
    start = 0.785398163;
    rest = (a - 1.0) / (a + 1.0);
  }
  let z = rest * rest;
  let size = start + ((((8.05374449538e-2 * z - 1.38776856032e-1) * z + 1.99777106478e-1) * z - 3.33329491539e-1) * z * rest + rest);
  return with_sign(size, x);
}

// The angle of the point (x, y) from the x axis.
fn torch_atan2(y: f32, x: f32) -> f32 {
  if (is_nan(x) || is_nan(y)) { return nan_from(x); }
  let equal = abs(x) == abs(y) && (x == 0.0 || is_infinite(x));
  let ratio = select(abs(y) / abs(x), select(1.0, 0.0, y == 0.0), equal);
  let flat = select(torch_atan(ratio), 1.57079633, x == 0.0 && y != 0.0);
  return with_sign(select(flat, 3.14159265 - flat, is_negative(x)), y);
}
