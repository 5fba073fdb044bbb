// max(v, 0). Written with select, so that a NaN stays a NaN, as in PyTorch.
fn activate(v: Acc) -> Acc { return select(v, Acc(0), v < Acc(0)); }
