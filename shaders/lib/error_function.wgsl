// The error function and its complement to about 2 units in the last place, both ends included.
// Method: minimax fits of erf(x)/x - 1 by x^2 on [0, 1], and of (1 + 2x) e^(x^2) erfc(x) by (x - 2)/(x + 2) on [0.8,
// 12]; the latter's form is that of M. M. Shepherd and J. G. Laframboise, "Chebyshev approximation of (1 +
// 2x)exp(x^2)erfc x", 1981.

fn erf_near_zero(x: f32) -> f32 {
  if (abs(x) < 1e-15) { return 1.12837917 * x; } // where a part of x could be flushed to 0
  let s = x * x;
  let rest = 0.12837917 + s * (-0.37612626 + s * (0.112836 + s * (-0.026854444 + s * (0.0051895352 + s * (-0.00080208411 + s * 7.8891193e-5)))));
  return x + x * rest;
}

// erfc of a number from 0.8.
fn erfc_beyond(x: f32) -> f32 {
  let a = min(x, 12.0);
  let q = (a - 2.0) / (a + 2.0);
  let scaled = 1.2769784 + q * (-0.092763804 + q * (-0.16603005 + q * (0.16404998 + q * (-0.054228425 + q * (-0.0080092326
    + q * (0.0087838154 + q * (0.0010834833 + q * (-0.0015574578 + q * 5.5804827e-5))))))));
  // a^2 in two parts, since its rounding error would be magnified by a^2.
  let high = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  return torch_exp(-high * high) * torch_exp(-(a - high) * (a + high)) * scaled / (1.0 + 2.0 * a);
}

fn torch_erf(x: f32) -> f32 {
  let a = abs(x);
  if (a < 1.0 || is_nan(x)) { return erf_near_zero(x); }
  return with_sign(1.0 - erfc_beyond(a), x);
}

fn torch_erfc(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (abs(x) < 0.8) { return 1.0 - erf_near_zero(x); }
  let tail = erfc_beyond(abs(x));
  return select(tail, 2.0 - tail, x < 0.0);
}
