// The maximum's place is kept.
@group(0) @binding(2) var<storage, read_write> y: array<i32>;

fn put(index: u32, s: State, i: u32, p: u32, q: u32) { y[index] = lane_whole(s.place, i); }
