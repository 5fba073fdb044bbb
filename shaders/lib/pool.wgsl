// The pooling's sizes: y[plane, p, q] looks at x[plane, p*stride_h - pad_h + r*dilation_h, q*stride_w - pad_w +
// s*dilation_w].
struct Pool {
  planes: u32, H: u32, W: u32, P: u32, Q: u32, R: u32, S: u32,
  stride_h: u32, stride_w: u32,
  pad_h: u32, pad_w: u32,
  dilation_h: u32, dilation_w: u32,
  minus_infinity: f32,
}

// A half-open range of whole numbers.
struct Range { first: i32, end: i32 }

// Which taps of a window that begins at `start` fall into 0 ≤ start + tap*dilation < size.
fn taps_inside(start: i32, taps: u32, dilation: u32, size: u32) -> Range {
  let d = i32(dilation);
  let first = select(0, (-start + d - 1) / d, start < 0);
  let end = select(0, (i32(size) - 1 - start) / d + 1, i32(size) > start);
  return Range(first, min(end, i32(taps)));
}

// Which windows may contain the place `at`: those p with 0 ≤ at + pad - p*stride ≤ reach, where reach = dilation*(taps
// - 1).
fn windows_over(at: u32, pad: u32, reach: u32, stride: u32, windows: u32) -> Range {
  let place = i32(at + pad);
  let first = max(0, (place - i32(reach) + i32(stride) - 1) / i32(stride));
  return Range(first, min(place / i32(stride) + 1, i32(windows)));
}
