// v · sigmoid(v). e^-|v| cannot overflow, whichever sign v has.
// Source: Elfwing, Uchibe, Doya, 2017 (arXiv 1702.03118).
fn activate(v: Acc) -> Acc {
  let e = exp(-abs(f32(v)));
  return Acc(f32(v) * select(1.0, e, v < Acc(0)) / (1.0 + e));
}
