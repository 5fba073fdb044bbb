// cumprod: the running product.
const START = Acc(1);
fn combine(a: Acc, b: Acc) -> Acc { return a * b; }
