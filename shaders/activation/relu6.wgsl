// min(max(v, 0), 6). A NaN stays a NaN.
fn activate(v: Acc) -> Acc { return select(select(v, Acc(0), v < Acc(0)), Acc(6), v > Acc(6)); }
