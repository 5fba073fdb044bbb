// any: 1 where any is not 0. START is its neutral element.
const START = Acc(0);
fn combine(acc: Acc, v: Acc) -> Acc { return select(acc, Acc(1), v != Acc(0)); }
