// WINOGRAD_NONFUSED, the product with the rows of a read by a subgroup together.
//
// Idea: the block of 7_winograd_product.wgsl, 16 rows and 8 columns. The invocations of a subgroup stand side by side along n
// and want the same 16 numbers of a: each lane loads four of them and broadcasts them, one load a step instead of
// four. No barriers, no workgroup memory: a broadcast is a register move. A workgroup is one subgroup.
// Operations: 2·M·N·depth a product. Bytes read: 4·M·N·depth·(1/8 of b, and 1/32 of a).
@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lid: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let blocks_n = (job.n4 / 2 + LANES - 1) / LANES;
  let blocks_m = job.m4 / 4;
  let index = wid.y * groups.x + wid.x;
  let n = (index % blocks_n * LANES + lid.x) * 2;
  let m = index / blocks_n % blocks_m * 4;
  let batch = index / (blocks_n * blocks_m);

  // Rows 0–3, 4–7, 8–11, 12–15, each a left and a right half. Lanes beyond the last column load and broadcast all the same.
  var left0 = Quad();
  var right0 = Quad();
  var left1 = Quad();
  var right1 = Quad();
  var left2 = Quad();
  var right2 = Quad();
  var left3 = Quad();
  var right3 = Quad();
  var a_at = batch * job.depth * job.m4 + m + lane % 4;
  var b_at = batch * job.depth * job.n4 + n;
  for (var d = 0u; d < job.depth; d++) {
    let own = a[a_at];
    let b0 = b[b_at];
    let b1 = b[b_at + 1];
    let a0 = subgroupBroadcast(own, 0);
    left0 += outer(a0, b0);
    right0 += outer(a0, b1);
    let a1 = subgroupBroadcast(own, 1);
    left1 += outer(a1, b0);
    right1 += outer(a1, b1);
    let a2 = subgroupBroadcast(own, 2);
    left2 += outer(a2, b0);
    right2 += outer(a2, b1);
    let a3 = subgroupBroadcast(own, 3);
    left3 += outer(a3, b0);
    right3 += outer(a3, b1);
    a_at += job.m4;
    b_at += job.n4;
  }

  if (n >= job.n4 || batch >= job.count) { return; }
  let to = (batch * job.m4 + m) * 4 * job.n4 + n;
  store_rows(to, left0, right0);
  store_rows(to + 4 * job.n4, left1, right1);
  store_rows(to + 8 * job.n4, left2, right2);
  store_rows(to + 12 * job.n4, left3, right3);
}
