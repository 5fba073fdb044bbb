// The 4·QUADS numbers of a that a block takes a step, read by each invocation for itself.
struct Rows { a0: Four, a1: Four, a2: Four, a3: Four }

fn load_rows(at: u32, lane: u32) -> Rows {
  var rows = Rows();
  rows.a0 = a[at];
  if (QUADS > 1) { rows.a1 = a[at + 1]; }
  if (QUADS > 2) {
    rows.a2 = a[at + 2];
    rows.a3 = a[at + 3];
  }
  return rows;
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let blocks_n = job.n4 / 2;
  let blocks_m = job.m4 / QUADS;
  let index = linear_invocation(gid, groups, GROUP);
  let batch = index / (blocks_n * blocks_m);
  if (batch < job.count) { run(batch, index / blocks_n % blocks_m * QUADS, index % blocks_n * 2, 0); }
}
