// WINOGRAD_NONFUSED, the product in float16: nonfused_product.wgsl with multiplications and short sums of 11 bits.
//
// Idea: a float16 sum loses more the longer it is, and the way back multiplies what it has lost. So only SPAN steps are
// summed in float16, where a GPU may do two at once, and then join a float32 sum: the error does not grow with the
// depth, for one addition in SPAN.
// Operations: as there, and 2/SPAN more. Bytes read: half as many, since transformed numbers are stored in float16.
const SPAN = 16u;

fn run(batch: u32, m: u32, n: u32, lane: u32) {
  // Rows 0–3, 4–7, 8–11, 12–15, each a left and a right half.
  var left0 = Quad();
  var right0 = Quad();
  var left1 = Quad();
  var right1 = Quad();
  var left2 = Quad();
  var right2 = Quad();
  var left3 = Quad();
  var right3 = Quad();
  var a_at = batch * job.depth * job.m4 + m;
  var b_at = batch * job.depth * job.n4 + n;
  for (var first = 0u; first < job.depth; first += SPAN) {
    var short_left0 = Square();
    var short_right0 = Square();
    var short_left1 = Square();
    var short_right1 = Square();
    var short_left2 = Square();
    var short_right2 = Square();
    var short_left3 = Square();
    var short_right3 = Square();
    let end = min(first + SPAN, job.depth);
    for (var d = first; d < end; d++) {
      let rows = load_rows(a_at, lane);
      let b0 = b[b_at];
      let b1 = b[b_at + 1];
      short_left0 += outer(rows.a0, b0);
      short_right0 += outer(rows.a0, b1);
      if (QUADS > 1) {
        short_left1 += outer(rows.a1, b0);
        short_right1 += outer(rows.a1, b1);
      }
      if (QUADS > 2) {
        short_left2 += outer(rows.a2, b0);
        short_right2 += outer(rows.a2, b1);
        short_left3 += outer(rows.a3, b0);
        short_right3 += outer(rows.a3, b1);
      }
      a_at += job.m4;
      b_at += job.n4;
    }
    left0 += Quad(short_left0);
    right0 += Quad(short_right0);
    if (QUADS > 1) {
      left1 += Quad(short_left1);
      right1 += Quad(short_right1);
    }
    if (QUADS > 2) {
      left2 += Quad(short_left2);
      right2 += Quad(short_right2);
      left3 += Quad(short_left3);
      right3 += Quad(short_right3);
    }
  }

  if (n >= job.n4 || batch >= job.count) { return; }
  let to = (batch * job.m4 + m) * 4 * job.n4 + n;
  store_rows(to, left0, right0);
  if (QUADS > 1) { store_rows(to + 4 * job.n4, left1, right1); }
  if (QUADS > 2) {
    store_rows(to + 8 * job.n4, left2, right2);
    store_rows(to + 12 * job.n4, left3, right3);
  }
}
