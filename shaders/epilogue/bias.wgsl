// y = activate(sum + bias[k]): one addition while the sum is still in a register, instead of a kernel that reads and
// writes all of y again (8 bytes an element saved).
@group(1) @binding(0) var<storage, read> bias: array<Elem>;
fn epilogue(sum: Acc, index: u32, k: u32) -> Acc { return activate(sum + Acc(bias[k])); }
