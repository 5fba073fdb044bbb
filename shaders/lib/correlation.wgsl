// A correlation with stride 1 and dilation 1, forward or backward data; channels C and K are those of one group:
// y[n,g,k,p,q] = sum over c,r,s of x[n, g, c, p - pad_top + r, q - pad_left + s] * w[g,k,c,r,s]
struct Correlation {
  N: u32, groups: u32, C: u32, K: u32,
  H: u32, W: u32, R: u32, S: u32, P: u32, Q: u32,
  pad_top: i32, pad_left: i32,
  // Where w[g,k,c,r,s] lies: row and column are negative where the filter is read turned by 180°.
  w_origin: i32, w_group: i32, w_k: i32, w_c: i32, w_row: i32, w_column: i32,
}

fn filter_start(f: Correlation, g: u32, k: u32, c: u32) -> i32 {
  return f.w_origin + i32(g) * f.w_group + i32(k) * f.w_k + i32(c) * f.w_c;
}
