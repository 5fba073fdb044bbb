// The 16 numbers of a that a block takes a step, read by a subgroup together: its invocations stand side by side along
// n and want the same ones, so each lane loads four of them and broadcasts them, one load a step instead of four. No
// barriers, no workgroup memory: a broadcast is a register move. A workgroup is one subgroup, and lanes beyond the last
// column load and broadcast all the same.
struct Rows { a0: Four, a1: Four, a2: Four, a3: Four }

fn load_rows(at: u32, lane: u32) -> Rows {
  let own = a[at + lane % 4];
  return Rows(subgroupBroadcast(own, 0), subgroupBroadcast(own, 1), subgroupBroadcast(own, 2), subgroupBroadcast(own, 3));
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lid: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let blocks_n = (job.n4 / 2 + LANES - 1) / LANES;
  let blocks_m = job.m4 / QUADS;
  let index = wid.y * groups.x + wid.x;
  run(index / (blocks_n * blocks_m), index / blocks_n % blocks_m * QUADS, (index % blocks_n * LANES + lid.x) * 2, lane);
}
