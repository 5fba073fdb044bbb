// amin: the smallest; NaN wins. It starts from the bits of the greatest value of Acc, since WGSL writes no infinity.
fn start() -> Acc { return bitcast<Acc>(GREATEST | (r.outputs & 0u)); }
fn lift(v: Elem, at: u32) -> Acc { return Acc(v); }
fn combine(a: Acc, b: Acc) -> Acc { return select(a, b, (b < a && !is_nan(f32(a))) || is_nan(f32(b))); }
fn result(acc: Acc) -> Out { return Out(acc); }
