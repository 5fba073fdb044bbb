// AVERAGE: what a window has shown so far is the sum of its elements; padding counts as zero. What it is divided by is
// a file of its own.
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;

struct State { sum: Real }

fn nothing() -> State { return State(Real(0)); }
fn take(s: State, element: Real, place: Whole, inside: Truth) -> State { return State(s.sum + select(Real(0), element, inside)); }
fn join(a: State, b: State) -> State { return State(a.sum + b.sum); }
fn put(index: u32, s: State, i: u32, p: u32, q: u32) { y[index] = Elem(lane(s.sum, i) / divisor_of(pool, p, q)); }
