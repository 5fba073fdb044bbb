// A strip is 2×4 outputs, two windows of a 2×2 max pool, so that no window is cut: under each tap two rows of x shift
// by one and load a single new element each. 2·(3+S) loads a row of taps serve 8·S multiplications for each filter. A
// last row or column that no window covers is never stored.

// Image, upper row and first column; and the column of x under that column and the first tap.
struct Strip { n: u32, p: u32, q: u32, v: i32 }

fn strip_at(number: u32) -> Strip {
  let strips = (conv.Q / 2 + 1) / 2;
  let q = number % strips * 4;
  return Strip(number / (strips * (conv.P / 2)), number / strips % (conv.P / 2) * 2, q, i32(q) - i32(conv.pad_left));
}

// The rows of x under a row of taps: where they begin, and whether they are inside.
struct Rows { upper: i32, lower: i32, upper_inside: bool, lower_inside: bool }

fn rows_under(strip: Strip, plane: u32, r: u32) -> Rows {
  let h = i32(strip.p * conv.stride_h + r * conv.dilation_h) - i32(conv.pad_top);
  let below = h + i32(conv.stride_h);
  let upper_inside = (h >= 0) & (h < i32(conv.H));
  let lower_inside = (below >= 0) & (below < i32(conv.H));
  let first = i32(plane * conv.H);
  return Rows((first + h) * i32(conv.W), (first + below) * i32(conv.W), upper_inside, lower_inside);
}

fn window_of(strip: Strip, rows: Rows) -> Eight {
  return Eight(four_from(rows.upper, strip.v, rows.upper_inside), four_from(rows.lower, strip.v, rows.lower_inside));
}

// From under the tap before tap s to under tap s.
fn slide(window: Eight, strip: Strip, rows: Rows, s: u32) -> Eight {
  let next = strip.v + 3 + i32(s);
  return Eight(
    Four(window.lo.yzw, element(rows.upper, next, rows.upper_inside)),
    Four(window.hi.yzw, element(rows.lower, next, rows.lower_inside)),
  );
}

// Stores for each filter.
const STORES = 2u;

// Store number i of sums whose first filter is first_k: the largest of four, two of each row.
fn put(sums: ptr<function, Sums>, i: u32, first_k: u32, strip: Strip) {
  let k = first_k + i / 2;
  let column = i % 2 * 2;
  let q = strip.q + column;
  if (strip.n >= conv.N || q + 1 >= conv.Q) { return; }
  let plane = strip.n * conv.K + k;
  let upper = (*sums)[i / 16][i / 2 % 8 * 2];
  let lower = (*sums)[i / 16][i / 2 % 8 * 2 + 1];
  let window = vec4(upper[column], upper[column + 1], lower[column], lower[column + 1]);
  y[(plane * (conv.P / 2) + strip.p / 2) * (conv.Q / 2) + q / 2] = Elem(largest(window, (plane * conv.P + strip.p) * conv.Q + q, conv.Q, k));
}
