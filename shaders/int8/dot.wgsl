// Sixteen sums of products of 8-bit numbers, of four lines of x with four of w, each four terms a word. One word with
// another is one instruction on GPUs that have it (NVIDIA's dp4a), and a function elsewhere.
//
// The words hold elements as they are, and the zero points are seen to at the end, over the n terms of a sum:
// Σ (x - X)(w - W) = Σ x·w - X·Σ w - W·Σ x + n·X·W. Where both zero points are the constant 0, the compiler drops what
// they multiply.
struct Sums {
  // Of line i of x with the four lines of w.
  products0: vec4<i32>, products1: vec4<i32>, products2: vec4<i32>, products3: vec4<i32>,
  x: vec4<i32>, w: vec4<i32>,
}

const ones = 0x01010101u;

fn dots(a: u32, b: vec4<u32>) -> vec4<i32> {
  return vec4(dot4I8Packed(a, b.x), dot4I8Packed(a, b.y), dot4I8Packed(a, b.z), dot4I8Packed(a, b.w));
}

fn with_words(s: Sums, x: vec4<u32>, w: vec4<u32>) -> Sums {
  return Sums(
    s.products0 + dots(x.x, w), s.products1 + dots(x.y, w), s.products2 + dots(x.z, w), s.products3 + dots(x.w, w),
    s.x + dots(ones, x), s.w + dots(ones, w),
  );
}

// What stands for 0 in the words of x, whose elements are SHIFT lower than x.
fn packed_zero() -> i32 { return x_zero() - SHIFT; }

// The finished sums, by line of x; `zero_w` are the zero points of the four lines of w.
fn centred(s: Sums, terms: u32, zero_w: vec4<i32>) -> array<vec4<i32>, 4> {
  let zero_x = packed_zero();
  let shared_part = i32(terms) * zero_x * zero_w - zero_x * s.w;
  return array(
    s.products0 + shared_part - zero_w * s.x.x,
    s.products1 + shared_part - zero_w * s.x.y,
    s.products2 + shared_part - zero_w * s.x.z,
    s.products3 + shared_part - zero_w * s.x.w,
  );
}
