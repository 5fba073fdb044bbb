// The maximum itself is kept.
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;

fn put(index: u32, s: State, i: u32, p: u32, q: u32) { y[index] = Elem(lane(s.best, i)); }
