// The convolution's sizes, by the formula's letters:
// y[n,k,p,q] = sum over c,r,s of x[n, c, p*stride_h - pad_top + r*dilation_h, q*stride_w - pad_left + s*dilation_w] *
// w[k,c,r,s]
struct Conv {
  N: u32, C: u32, H: u32, W: u32,
  K: u32, R: u32, S: u32,
  P: u32, Q: u32,
  stride_h: u32, stride_w: u32,
  pad_top: u32, pad_left: u32,
  dilation_h: u32, dilation_w: u32,
  groups: u32,
}
