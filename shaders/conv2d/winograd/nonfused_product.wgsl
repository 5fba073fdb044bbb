// WINOGRAD_NONFUSED, the product: at every point a matrix product over the channels, c[b] = a[b]ᵀ · b[b].
//
// Idea: this is where the time goes, and it is plain matrix multiplication, 36·groups of them. Both operands lie depth
// first (a[b][depth][m], b[b][depth][n]), so an invocation takes 4·QUADS adjacent numbers of a (rows_alone.wgsl,
// rows_together.wgsl) and 8 of b a step, and does 32·QUADS multiplications with them, in registers: no barriers, no
// workgroup memory. Rows are padded to whole blocks, so there are no edges; what the padding holds reaches only
// padding.
// Operations: 2·M·N·depth a product. Bytes read: 4·M·N·depth·(1/8 + 1/(4·QUADS)), of the second part a quarter by
// subgroups. Where the depth does not fit the workspace at once, later launches add to what the first has stored.
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
  for (var d = 0u; d < job.depth; d++) {
    let rows = load_rows(a_at, lane);
    let b0 = b[b_at];
    let b1 = b[b_at + 1];
    left0 += outer(rows.a0, b0);
    right0 += outer(rows.a0, b1);
    if (QUADS > 1) {
      left1 += outer(rows.a1, b0);
      right1 += outer(rows.a1, b1);
    }
    if (QUADS > 2) {
      left2 += outer(rows.a2, b0);
      right2 += outer(rows.a2, b1);
      left3 += outer(rows.a3, b0);
      right3 += outer(rows.a3, b1);
    }
    a_at += job.m4;
    b_at += job.n4;
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
