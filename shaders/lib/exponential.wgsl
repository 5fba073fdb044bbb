// Exponentials, logarithms and hyperbolic functions to about 2 units in the last place. WGSL's own are allowed far
// larger errors, which grow with the argument, and leave infinities and NaN open.
// Source of the method: W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980; the logarithm's
// polynomial is that of fdlibm. The exponential's polynomial is a minimax fit of (e^r - 1 - r) / r^2 on |r| <= 0.35.

const LN2_HIGH = 0.693145751953125; // 14 bits, so that its products with exponents are exact
const LN2_LOW = 1.42860682030941723e-6;
const LOG2_E = 1.44269504;
const LOG10_E = 0.434294482;

// x = n ln 2 + r with |r| <= 0.35.
fn nearest_exponent(x: f32) -> f32 { return round(x * LOG2_E); }

// e^r - 1, where n ln 2 + r = x.
fn expm1_rest(x: f32, n: f32) -> f32 {
  let r = (x - n * LN2_HIGH) - n * LN2_LOW;
  let q = 0.5 + r * (0.16666667 + r * (0.041666344 + r * (0.0083332714 + r * (0.0013942048 + r * 0.00019915015))));
  return r + r * r * q;
}

fn torch_exp(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let bounded = clamp(x, -110.0, 90.0);
  let n = nearest_exponent(bounded);
  let half = i32(n) / 2;
  return (1.0 + expm1_rest(bounded, n)) * power_of_two(half) * power_of_two(i32(n) - half);
}

// e^x - 1.
fn torch_expm1(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (x > 40.0) { return torch_exp(x); }
  let bounded = max(x, -40.0);
  let n = nearest_exponent(bounded);
  if (n == 0.0) { return with_sign(expm1_rest(x, 0.0), x); }
  let scale = power_of_two(i32(n));
  return scale * expm1_rest(bounded, n) + (scale - 1.0);
}

fn torch_exp2(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let bounded = clamp(x, -160.0, 129.0);
  let n = round(bounded);
  return exp2_of(n, bounded - n);
}

// 2 to the power n + rest: n whole, |rest| <= 0.5.
fn exp2_of(n: f32, rest: f32) -> f32 {
  let whole = i32(clamp(n, -160.0, 129.0));
  let half = whole / 2;
  return (1.0 + expm1_rest(rest * 0.693147181, 0.0)) * power_of_two(half) * power_of_two(whole - half);
}

// A positive finite number as f 2^k with f from sqrt(1/2) to sqrt(2).
struct Parts { f: f32, k: f32 }
fn parts_of(x: f32) -> Parts {
  let tiny = x < 1.17549435e-38;
  let bits = bitcast<u32>(select(x, x * 33554432.0, tiny)) + (0x3f800000u - 0x3f3504f3u);
  let k = f32(i32(bits >> 23u) - 127) - select(0.0, 25.0, tiny);
  return Parts(bitcast<f32>((bits & 0x007fffffu) + 0x3f3504f3u), k);
}

// log(1 + f) for f from sqrt(1/2) - 1 to sqrt(2) - 1.
fn log1p_near_zero(f: f32) -> f32 {
  let s = f / (2.0 + f);
  let z = s * s;
  let series = z * (0.66666663 + z * (0.40000972 + z * (0.28498787 + z * 0.24279079)));
  let halved = 0.5 * f * f;
  return f - (halved - s * (halved + series));
}

// What every logarithm has at 0, below, and at infinity; x itself is NaN or infinite otherwise.
fn log_edge(x: f32) -> f32 {
  if (x == 0.0) { return -infinity_from(x); }
  return select(x, nan_from(x), x < 0.0);
}
fn on_log_edge(x: f32) -> bool { return !(x > 0.0) || !is_finite(x); }

fn torch_log(x: f32) -> f32 {
  if (on_log_edge(x)) { return log_edge(x); }
  let p = parts_of(x);
  return p.k * LN2_HIGH + (p.k * LN2_LOW + log1p_near_zero(p.f - 1.0));
}

fn torch_log2(x: f32) -> f32 {
  if (on_log_edge(x)) { return log_edge(x); }
  let p = parts_of(x);
  return p.k + log1p_near_zero(p.f - 1.0) * LOG2_E;
}

fn torch_log10(x: f32) -> f32 {
  if (on_log_edge(x)) { return log_edge(x); }
  let p = parts_of(x);
  return p.k * 0.30102920532226563 + (p.k * 7.9034151667e-7 + log1p_near_zero(p.f - 1.0) * LOG10_E);
}

// log(1 + x).
fn torch_log1p(x: f32) -> f32 {
  if (x > -0.29 && x < 0.41) { return log1p_near_zero(x); }
  return torch_log(1.0 + x);
}

fn torch_sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + torch_exp(-x)); }

fn torch_tanh(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let t = torch_expm1(2.0 * min(abs(x), 10.0));
  return with_sign(t / (t + 2.0), x);
}

fn torch_sinh(x: f32) -> f32 {
  let a = abs(x);
  if (a > 80.0) {
    let root = torch_exp(0.5 * a);
    return with_sign(0.5 * root * root, x);
  }
  let t = torch_expm1(a);
  return select(with_sign(0.5 * (t + t / (t + 1.0)), x), x, is_nan(x));
}

fn torch_cosh(x: f32) -> f32 {
  let root = torch_exp(0.5 * abs(x));
  let size = root * root;
  return 0.5 * root * root + 0.5 / size;
}

fn torch_asinh(x: f32) -> f32 {
  let a = abs(x);
  if (a > 4096.0 || is_nan(x)) { return select(with_sign(torch_log(a) + 0.693147181, x), x, is_nan(x)); }
  return with_sign(torch_log1p(a + a * a / (1.0 + sqrt(1.0 + a * a))), x);
}

fn torch_acosh(x: f32) -> f32 {
  if (x < 1.0) { return nan_from(x); }
  if (x > 4096.0 || is_nan(x)) { return torch_log(x) + 0.693147181; }
  let t = x - 1.0;
  return torch_log1p(t + sqrt(2.0 * t + t * t));
}

fn torch_atanh(x: f32) -> f32 {
  let a = abs(x);
  if (a >= 1.0 || is_nan(x)) { return select(nan_from(x), with_sign(infinity_from(x), x), a == 1.0); }
  return with_sign(0.5 * torch_log1p(2.0 * a + 2.0 * a * a / (1.0 - a)), x);
}
