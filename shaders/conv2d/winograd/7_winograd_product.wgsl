// WINOGRAD_NONFUSED, the product: at every point a matrix product over the channels, c[b] = a[b]ᵀ · b[b].
//
// Idea: this is where the time goes, and it is plain matrix multiplication, 36·groups of them. Both operands lie depth
// first (a[b][depth][m], b[b][depth][n]), so an invocation reads 4·QUADS adjacent numbers of a and 8 of b
// a step, and does 32·QUADS multiplications with them, in registers: no barriers, no workgroup memory. Rows are padded to
// whole blocks, so there are no edges; what the padding holds reaches only padding.
// Operations: 2·M·N·depth a product. Bytes read: 4·M·N·depth·(1/8 + 1/(4·QUADS)).
// Where the depth does not fit the workspace at once, later launches add to what the first has stored.
@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let blocks_n = job.n4 / 2;
  let blocks_m = job.m4 / QUADS;
  let index = linear_invocation(gid, groups, GROUP);
  let n = index % blocks_n * 2;
  let m = index / blocks_n % blocks_m * QUADS;
  let batch = index / (blocks_n * blocks_m);
  if (batch >= job.count) { return; }

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
    let b0 = b[b_at];
    let b1 = b[b_at + 1];
    let a0 = a[a_at];
    left0 += outer(a0, b0);
    right0 += outer(a0, b1);
    if (QUADS > 1) {
      let a1 = a[a_at + 1];
      left1 += outer(a1, b0);
      right1 += outer(a1, b1);
    }
    if (QUADS > 2) {
      let a2 = a[a_at + 2];
      left2 += outer(a2, b0);
      right2 += outer(a2, b1);
      let a3 = a[a_at + 3];
      left3 += outer(a3, b0);
      right3 += outer(a3, b1);
    }
    a_at += job.m4;
    b_at += job.n4;
  }

  let to = (batch * job.m4 + m) * 4 * job.n4 + n;
  store_rows(to, left0, right0);
  if (QUADS > 1) { store_rows(to + 4 * job.n4, left1, right1); }
  if (QUADS > 2) {
    store_rows(to + 8 * job.n4, left2, right2);
    store_rows(to + 12 * job.n4, left3, right3);
  }
}
