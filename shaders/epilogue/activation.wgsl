// What becomes of a sum: ACTIVATION is one of these. Comparisons stand in select(), so that a NaN stays a NaN, as in PyTorch.
const IDENTITY = 0u;
const RELU = 1u;
const RELU6 = 2u;
const LEAKY_RELU = 3u;
const SIGMOID = 4u;
const SILU = 5u;
const TANH = 6u;
const GELU = 7u;

fn activate(v: Acc) -> Acc {
  switch ACTIVATION {
    case RELU: { return select(v, Acc(0), v < Acc(0)); }
    case RELU6: { return select(select(v, Acc(0), v < Acc(0)), Acc(6), v > Acc(6)); }
    // PyTorch's default slope.
    case LEAKY_RELU: { return select(v, Acc(0.01) * v, v < Acc(0)); }
    case SIGMOID: { return Acc(sigmoid(f32(v))); }
    // Source: Elfwing, Uchibe, Doya, 2017 (arXiv 1702.03118).
    case SILU: { return Acc(f32(v) * sigmoid_numerator(f32(v)) / (1.0 + exp(-abs(f32(v))))); }
    case TANH: { return Acc(tanh_of(f32(v))); }
    case GELU: { return Acc(gelu(f32(v))); }
    default: { return v; }
  }
}

// 1 / (1 + e^-v). e^-|v| cannot overflow, whichever sign v has.
fn sigmoid(v: f32) -> f32 { return sigmoid_numerator(v) / (1.0 + exp(-abs(v))); }
fn sigmoid_numerator(v: f32) -> f32 { return select(1.0, exp(-abs(v)), v < 0.0); }

// (1 - e^-2|v|) / (1 + e^-2|v|) with v's sign; near zero, where that difference cancels, the odd power series.
fn tanh_of(v: f32) -> f32 {
  let a = abs(v);
  let e = exp(-2.0 * a);
  let b = a * a;
  let small = a * (1.0 + b * (-1.0 / 3.0 + b * (2.0 / 15.0 + b * (-17.0 / 315.0 + b * (62.0 / 2835.0)))));
  let size = select((1.0 - e) / (1.0 + e), small, a < 0.25);
  return select(size, -size, v < 0.0);
}

// v · Φ(v) = v/2 · (1 + erf(v/√2)), the exact form.
//
// erf is computed for |z| by its power series up to 1, and beyond by the rational approximation 7.1.26 of Abramowitz and
// Stegun, Handbook of Mathematical Functions, whose error is below 1.5e-7.
fn gelu(v: f32) -> f32 {
  let z = abs(v) * 0.70710678;
  let s = z * z;
  let series = z * 1.12837917 * (1.0 + s * (-1.0 / 3.0 + s * (1.0 / 10.0 + s * (-1.0 / 42.0 + s * (1.0 / 216.0 + s * (-1.0 / 1320.0 + s * (1.0 / 9360.0 + s * (-1.0 / 75600.0))))))));
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * exp(-s);
  let size = select(1.0 - tail, series, z < 1.0);
  return 0.5 * v * (1.0 + select(size, -size, v < 0.0));
}
