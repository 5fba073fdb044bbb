// all: 1 where all are not 0.
fn start() -> Acc { return Acc(1); }
fn lift(v: Elem, at: u32) -> Acc { return select(Acc(1), Acc(0), v == Elem(0)); }
fn combine(a: Acc, b: Acc) -> Acc { return min(a, b); }
fn result(acc: Acc) -> Out { return Out(acc); }
