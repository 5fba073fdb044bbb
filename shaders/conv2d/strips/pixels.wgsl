// A strip is eight neighbouring outputs of a row: under each tap one row of x shifts by one and loads a single new
// element. 7+S loads a row of taps serve 8·S multiplications for each filter.

// Image, row and first column; and the column of x under that column and the first tap.
struct Strip { n: u32, p: u32, q: u32, v: i32 }

fn strip_at(number: u32) -> Strip {
  let strips = (conv.Q + 7) / 8;
  let q = number % strips * 8;
  return Strip(number / (strips * conv.P), number / strips % conv.P, q, i32(q) - i32(conv.pad_left));
}

// The row of x under a row of taps: where it begins, and whether it is inside.
struct Rows { at: i32, inside: bool }

fn rows_under(strip: Strip, plane: u32, r: u32) -> Rows {
  let h = i32(strip.p * conv.stride_h + r * conv.dilation_h) - i32(conv.pad_top);
  let inside = (h >= 0) & (h < i32(conv.H));
  return Rows((i32(plane * conv.H) + h) * i32(conv.W), inside);
}

fn window_of(strip: Strip, rows: Rows) -> Eight {
  return Eight(four_from(rows.at, strip.v, rows.inside), four_from(rows.at, strip.v + 4, rows.inside));
}

// From under the tap before tap s to under tap s.
fn slide(window: Eight, strip: Strip, rows: Rows, s: u32) -> Eight {
  let next = element(rows.at, strip.v + 7 + i32(s), rows.inside);
  return Eight(Four(window.lo.yzw, window.hi.x), Four(window.hi.yzw, next));
}

// Stores for each filter.
const STORES = 8u;

// Store number i of sums whose first filter is first_k.
fn put(sums: ptr<function, Sums>, i: u32, first_k: u32, strip: Strip) {
  let k = first_k + i / 8;
  let q = strip.q + i % 8;
  if (strip.n >= conv.N || q >= conv.Q) { return; }
  let to = ((strip.n * conv.K + k) * conv.P + strip.p) * conv.Q + q;
  y[to] = Elem(epilogue((*sums)[i / 64][i / 4 % 16][i % 4], to, k));
}
