// A sort of rows of `n` elements, padded to a power of two: pairs of a key and the element's position. Equal keys are
// ordered by position, which makes the sort stable; padding has the greatest key and positions from n, so it ends up
// last.
struct Sort {
  rows: u32, n: u32, padded: u32, inner: u32,
  offset: i32, outer_stride: i32, stride: i32, inner_stride: i32,
  flip: u32,
}

// Whether a comes after b.
fn after(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.x > b.x || (a.x == b.x && a.y > b.y);
}
