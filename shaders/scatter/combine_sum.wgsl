// Adds the source's elements, in f32 or i32.
@group(0) @binding(4) var<storage, read> source: array<Elem>;
fn start() -> Acc { return Acc(0); }
fn combine(acc: Acc, c: u32, at: u32) -> Acc { return acc + Acc(source[at]); }
