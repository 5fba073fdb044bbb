// y = activate(sum + residual[index]): a skip connection joined where the sum is made.
@group(1) @binding(0) var<storage, read> residual: array<Elem>;
fn epilogue(sum: Acc, index: u32, k: u32) -> Acc { return activate(sum + Acc(residual[index])); }
