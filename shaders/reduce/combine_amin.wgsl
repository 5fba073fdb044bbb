// amin: the smallest. The greatest value of Acc comes from the spec block, since integers and floats differ; NaN wins.
const START = GREATEST;
fn combine(acc: Acc, v: Acc) -> Acc { return select(acc, v, v < acc || v != v); }
