// Divide by how many elements of x lie under the window.
fn divisor_of(pool: Pool, p: u32, q: u32) -> f32 {
  let rows = taps_inside(i32(p * pool.stride_h) - i32(pool.pad_h), pool.R, 1, pool.H);
  let columns = taps_inside(i32(q * pool.stride_w) - i32(pool.pad_w), pool.S, 1, pool.W);
  return f32((rows.end - rows.first) * (columns.end - columns.first));
}
