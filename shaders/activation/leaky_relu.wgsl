// v where positive, else 0.01·v (PyTorch's default slope).
fn activate(v: Acc) -> Acc { return select(v, Acc(0.01) * v, v < Acc(0)); }
