// The pixels of dx in phases, and which taps meet a phase. Used by the kernels that walk over dx.
// Pixels whose place, counted from the image's corner, leaves these remainders when divided by the strides.
struct Phase { h: u32, v: u32 }

// Four pixels of a phase: their image, and their place in it, which may be beyond the last row or column.
struct Pixels { n: vec4<u32>, h: vec4<u32>, v: vec4<u32> }

fn pixels_from(number: vec4<u32>, phase: Phase) -> Pixels {
  let rows = (conv.H + conv.stride_h - 1) / conv.stride_h;
  let columns = (conv.W + conv.stride_w - 1) / conv.stride_w;
  return Pixels(
    number / (rows * columns),
    number / columns % rows * conv.stride_h + phase.h,
    number % columns * conv.stride_w + phase.v,
  );
}

fn phase_of(number: u32) -> Phase {
  return Phase(number / conv.stride_w % conv.stride_h, number % conv.stride_w);
}

// Whether a row, or a column, of taps meets the pixels of the phase: the division by the stride leaves no remainder.
fn row_meets(phase: Phase, r: u32) -> bool { return r * conv.dilation_h % conv.stride_h == (phase.h + conv.pad_top) % conv.stride_h; }
fn column_meets(phase: Phase, s: u32) -> bool { return s * conv.dilation_w % conv.stride_w == (phase.v + conv.pad_left) % conv.stride_w; }

// Stores the first of the pixels.
fn put(sum: Acc, c: u32, pixel: Pixels) {
  if (pixel.n.x >= conv.N || pixel.h.x >= conv.H || pixel.v.x >= conv.W) { return; }
  dx[((pixel.n.x * conv.C + c) * conv.H + pixel.h.x) * conv.W + pixel.v.x] = Elem(sum);
}
