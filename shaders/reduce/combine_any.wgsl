// any: 1 where any is not 0. (A NaN is not 0, though v != 0 is false of it.)
fn start() -> Acc { return Acc(0); }
fn lift(v: Elem, at: u32) -> Acc { return select(Acc(1), Acc(0), v == Elem(0)); }
fn combine(a: Acc, b: Acc) -> Acc { return max(a, b); }
fn result(acc: Acc) -> Out { return Out(acc); }
