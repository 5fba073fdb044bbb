// y = activate(sum + bias[k] + residual[index]): the end of a ResNet block in one store.
@group(1) @binding(0) var<storage, read> bias: array<Elem>;
@group(1) @binding(1) var<storage, read> residual: array<Elem>;
fn epilogue(sum: Acc, index: u32, k: u32) -> Acc { return activate(sum + Acc(bias[k]) + Acc(residual[index])); }
