// Of each maximum, keep the value and the place.
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<storage, read_write> places: array<i32>;
fn keep(index: u32, value: Elem, place: i32) {
  y[index] = value;
  places[index] = place;
}
