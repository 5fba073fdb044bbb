// What an average divides by: the window's size with the padding (COUNT_PADDING), but not what ceil_mode lets hang over
// beyond it; or how many elements of x lie under the window.
fn divisor_of(pool: Pool, p: u32, q: u32) -> f32 {
  if (COUNT_PADDING) {
    let rows = min(p * pool.stride_h + pool.R, pool.H + 2 * pool.pad_h) - p * pool.stride_h;
    let columns = min(q * pool.stride_w + pool.S, pool.W + 2 * pool.pad_w) - q * pool.stride_w;
    return f32(rows * columns);
  }
  let rows = taps_inside(i32(p * pool.stride_h) - i32(pool.pad_h), pool.R, 1, pool.H);
  let columns = taps_inside(i32(q * pool.stride_w) - i32(pool.pad_w), pool.S, 1, pool.W);
  return f32((rows.end - rows.first) * (columns.end - columns.first));
}
