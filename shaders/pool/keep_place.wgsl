// Of each maximum, keep the place.
@group(0) @binding(2) var<storage, read_write> places: array<i32>;
fn keep(index: u32, value: Elem, place: i32) { places[index] = place; }
