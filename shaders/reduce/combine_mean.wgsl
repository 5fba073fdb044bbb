// mean: the sum, divided before it is rounded to the output's type.
fn start() -> Acc { return Acc(0); }
fn lift(v: Elem, at: u32) -> Acc { return Acc(v); }
fn combine(a: Acc, b: Acc) -> Acc { return a + b; }
fn result(acc: Acc) -> Out { return Out(acc / Acc(r.length)); }
