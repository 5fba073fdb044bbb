// all: 1 where all are not 0. START is its neutral element.
const START = Acc(1);
fn combine(acc: Acc, v: Acc) -> Acc { return select(Acc(0), acc, v != Acc(0)); }
