// y[m,n] = sum over k of (x[m,k] - x_zero) * (w[k,n] - w_zero[n]); offsets and strides in elements of x and w.
struct Matmul {
  M: u32, N: u32, K: u32,
  x_offset: u32, x_row: u32, x_column: u32,
  w_offset: u32, w_row: u32, w_column: u32,
}
