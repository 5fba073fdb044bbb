// A strip is eight neighbouring outputs of a row: under each tap one row of x shifts by one and loads a single new element.
// 7+S loads a row of taps serve 8·S multiplications for each filter.

// Image, row and first column.
struct Strip { n: u32, p: u32, q: u32 }

fn strip_at(number: u32) -> Strip {
  let strips = (conv.Q + 7) / 8;
  return Strip(number / (strips * conv.P), number / strips % conv.P, number % strips * 8);
}

// The row of x under a row of taps: where it begins, whether it is inside, and the column under the strip's first output.
struct Rows { at: i32, inside: bool, v: i32 }

fn rows_under(strip: Strip, plane: u32, r: u32) -> Rows {
  let h = i32(strip.p * conv.stride_h + r * conv.dilation_h) - i32(conv.pad_top);
  let inside = (h >= 0) & (h < i32(conv.H));
  return Rows((i32(plane * conv.H) + h) * i32(conv.W), inside, i32(strip.q) - i32(conv.pad_left));
}

fn window_of(rows: Rows) -> Eight {
  return Eight(four_from(rows.at, rows.v, rows.inside), four_from(rows.at, rows.v + 4, rows.inside));
}

// From under the tap before tap s to under tap s.
fn slide(window: Eight, rows: Rows, s: u32) -> Eight {
  let next = element(rows.at, rows.v + 7 + i32(s), rows.inside);
  return Eight(Four(window.lo.yzw, window.hi.x), Four(window.hi.yzw, next));
}

// Stores for each filter, and store number i of them.
const STORES = 8u;

fn put(sums: Eight, i: u32, k: u32, strip: Strip) {
  if (strip.n >= conv.N || strip.q + i >= conv.Q) { return; }
  let to = ((strip.n * conv.K + k) * conv.P + strip.p) * conv.Q + strip.q + i;
  y[to] = Elem(epilogue(select(sums.lo, sums.hi, i >= 4)[i % 4], to, k));
}
