// Divide by the window's size, counting padding, but not what ceil_mode lets hang over beyond the padding.
fn divisor_of(pool: Pool, p: u32, q: u32) -> f32 {
  let rows = min(p * pool.stride_h + pool.R, pool.H + 2 * pool.pad_h) - p * pool.stride_h;
  let columns = min(q * pool.stride_w + pool.S, pool.W + 2 * pool.pad_w) - q * pool.stride_w;
  return f32(rows * columns);
}
