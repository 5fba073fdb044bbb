// Whole numbers that stand for real ones: real = (level - zero) * scale.

// The level of a number that was divided by the scale: the nearest whole number (of two the even one) plus the zero
// point, held between low and high. NaN becomes low. Clamping before rounding gives the same, and keeps infinities away
// from the conversion.
fn quantization_level(v: f32, zero: i32, low: i32, high: i32) -> i32 {
  let held = min(max(v, f32(low - zero)), f32(high - zero));
  return select(i32(round(held)) + zero, low, is_nan(v));
}
