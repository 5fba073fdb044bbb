// No activation.
fn activate(v: Acc) -> Acc { return v; }
