// Four multiplications of 8-bit numbers and their sum: one instruction on GPUs that have it (NVIDIA's dp4a), a function elsewhere.
//
// The words hold elements as they are, and the zero points are seen to at the end, over the n terms of a sum:
// Σ (x - X)(w - W) = Σ x·w - X·Σ w - W·Σ x + n·X·W. Where both zero points are the constant 0, the compiler drops what they multiply.
struct Sums { products: i32, x: i32, w: i32 }

const ones = 0x01010101u;

fn with_four(sums: Sums, x: u32, w: u32) -> Sums {
  return Sums(sums.products + dot4I8Packed(x, w), sums.x + dot4I8Packed(x, ones), sums.w + dot4I8Packed(ones, w));
}

// The packed elements of x are SHIFT lower than x, and so is their zero point.
fn centred(sums: Sums, terms: u32, channel: u32) -> i32 {
  let zero_x = x_zero() - SHIFT;
  let zero_w = w_zero(channel);
  return sums.products - zero_x * sums.w - zero_w * sums.x + i32(terms) * zero_x * zero_w;
}
