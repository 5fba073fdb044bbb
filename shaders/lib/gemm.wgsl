// The matmul's sizes and strides, in elements; c[b, m, n] = sum over k of a[b, m, k] * b[b, k, n].
struct Gemm {
  M: u32, N: u32, K: u32,
  outer: u32, inner: u32,
  a_offset: u32, a_outer: u32, a_inner: u32, a_row: u32, a_column: u32,
  b_offset: u32, b_outer: u32, b_inner: u32, b_row: u32, b_column: u32,
  c_offset: u32, c_outer: u32, c_inner: u32, c_row: u32,
}

// Where one product of the batch begins in each operand, and which matrix of the inner batch it is.
struct Product { a: u32, b: u32, c: u32, inner: u32 }

fn product(gemm: Gemm, batch: u32) -> Product {
  let i = batch % gemm.inner;
  let o = batch / gemm.inner;
  return Product(
    gemm.a_offset + o * gemm.a_outer + i * gemm.a_inner,
    gemm.b_offset + o * gemm.b_outer + i * gemm.b_inner,
    gemm.c_offset + o * gemm.c_outer + i * gemm.c_inner,
    i,
  );
}

// The bias's index of an element.
fn channel(gemm: Gemm, inner: u32, m: u32, n: u32) -> u32 {
  return select(n, inner * gemm.M + m, CHANNEL_IS_ROW);
}
