// The maximum and its place are kept, as training needs both: each for 4 bytes written, and x is read once.
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<storage, read_write> places: array<i32>;

fn put(index: u32, s: State, i: u32, p: u32, q: u32) {
  y[index] = Elem(lane(s.best, i));
  places[index] = lane_whole(s.place, i);
}
