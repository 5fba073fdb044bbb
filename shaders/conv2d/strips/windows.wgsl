// A strip is 2×4 outputs, two windows of a 2×2 max pool, so that no window is cut: under each tap two rows of x shift by one and load a
// single new element each. 2·(3+S) loads a row of taps serve 8·S multiplications for each filter. A last row or column that no
// window covers is never stored.

// Image, upper row and first column.
struct Strip { n: u32, p: u32, q: u32 }

fn strip_at(number: u32) -> Strip {
  let strips = (conv.Q / 2 + 1) / 2;
  return Strip(number / (strips * (conv.P / 2)), number / strips % (conv.P / 2) * 2, number % strips * 4);
}

// The rows of x under a row of taps: where they begin, whether they are inside, and the column under the strip's first output.
struct Rows { upper: i32, lower: i32, upper_inside: bool, lower_inside: bool, v: i32 }

fn rows_under(strip: Strip, plane: u32, r: u32) -> Rows {
  let h = i32(strip.p * conv.stride_h + r * conv.dilation_h) - i32(conv.pad_top);
  let below = h + i32(conv.stride_h);
  let upper_inside = (h >= 0) & (h < i32(conv.H));
  let lower_inside = (below >= 0) & (below < i32(conv.H));
  let first = i32(plane * conv.H);
  return Rows((first + h) * i32(conv.W), (first + below) * i32(conv.W), upper_inside, lower_inside, i32(strip.q) - i32(conv.pad_left));
}

fn window_of(rows: Rows) -> Eight {
  return Eight(four_from(rows.upper, rows.v, rows.upper_inside), four_from(rows.lower, rows.v, rows.lower_inside));
}

// From under the tap before tap s to under tap s.
fn slide(window: Eight, rows: Rows, s: u32) -> Eight {
  let next = rows.v + 3 + i32(s);
  return Eight(
    Four(window.lo.yzw, element(rows.upper, next, rows.upper_inside)),
    Four(window.hi.yzw, element(rows.lower, next, rows.lower_inside)),
  );
}

// Stores for each filter, and store number i of them.
const STORES = 2u;

fn put(sums: Eight, i: u32, k: u32, strip: Strip) {
  let q = strip.q + 2 * i;
  if (strip.n >= conv.N || q + 1 >= conv.Q) { return; }
  let plane = strip.n * conv.K + k;
  let window = vec4(sums.lo[2 * i], sums.lo[2 * i + 1], sums.hi[2 * i], sums.hi[2 * i + 1]);
  y[(plane * (conv.P / 2) + strip.p / 2) * (conv.Q / 2) + q / 2] = Elem(largest(window, (plane * conv.P + strip.p) * conv.Q + q, conv.Q, k));
}
