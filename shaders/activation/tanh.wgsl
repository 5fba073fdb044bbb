// tanh v = (1 - e^-2|v|) / (1 + e^-2|v|) with v's sign; near zero, where that difference cancels, the odd power series.
fn activate(v: Acc) -> Acc {
  let a = abs(f32(v));
  let e = exp(-2.0 * a);
  let b = a * a;
  let small = a * (1.0 + b * (-1.0 / 3.0 + b * (2.0 / 15.0 + b * (-17.0 / 315.0 + b * (62.0 / 2835.0)))));
  let size = select((1.0 - e) / (1.0 + e), small, a < 0.25);
  return Acc(select(size, -size, v < Acc(0)));
}
