// cumsum: the running sum.
const START = Acc(0);
fn combine(a: Acc, b: Acc) -> Acc { return a + b; }
