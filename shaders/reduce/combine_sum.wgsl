// sum: the sum. START is its neutral element.
const START = Acc(0);
fn combine(acc: Acc, v: Acc) -> Acc { return acc + v; }
