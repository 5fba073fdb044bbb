// 1 / (1 + e^-v). e^-|v| cannot overflow, whichever sign v has.
fn activate(v: Acc) -> Acc {
  let e = exp(-abs(f32(v)));
  return Acc(select(1.0, e, v < Acc(0)) / (1.0 + e));
}
