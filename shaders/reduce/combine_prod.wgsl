// prod: the product. START is its neutral element.
const START = Acc(1);
fn combine(acc: Acc, v: Acc) -> Acc { return acc * v; }
