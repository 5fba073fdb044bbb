// prod: the product.
fn start() -> Acc { return Acc(1); }
fn lift(v: Elem, at: u32) -> Acc { return Acc(v); }
fn combine(a: Acc, b: Acc) -> Acc { return a * b; }
fn result(acc: Acc) -> Out { return Out(acc); }
