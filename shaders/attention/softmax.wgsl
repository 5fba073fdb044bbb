// ATTENTION, MATH: the step between its two matrix products: scores become weights, row by row.
//
// Idea: softmax(scale·q·kᵀ + mask) over all keys of a query. THREADS invocations share a row; they find the largest
// score and the sum of the exponentials by trees in workgroup memory. All L·S scores lie in memory: that is what the
// fused kernels (1_efficient.wgsl, 2_flash.wgsl) avoid. A query that may look at nothing takes nothing of any value:
// weights of 0.
// Operations: two exponentials and about six more a score.
// Bytes: each score read three times (mostly from the cache) and written once.
@group(0) @binding(0) var<uniform> a: Attention;

const ROWS = GROUP / THREADS;
var<workgroup> parts: array<f32, GROUP>;

fn score(row_at: u32, mask_at: u32, l: u32, s: u32) -> f32 {
  let extra = added(a, mask_at, l, s);
  return select(scores[row_at + s] * a.scale + extra, LOWEST, is_forbidden(extra));
}

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let row = (wid.y * groups.x + wid.x) * ROWS + t / THREADS;
  let rows = a.outer * a.inner * a.L;
  let inside = row < rows;
  let l = min(row, rows - 1) % a.L;
  let row_at = min(row, rows - 1) * a.S;
  let mask_at = heads(a, min(row, rows - 1) / a.L).mask;
  let lane = t % THREADS;
  let keys = select(0, keys_of(a, l), inside);

  var top = LOWEST;
  for (var s = lane; s < keys; s += THREADS) { top = larger(top, score(row_at, mask_at, l, s)); }
  parts[t] = top;
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (lane < step) { parts[t] = larger(parts[t], parts[t + step]); }
  }
  workgroupBarrier();
  top = parts[t - lane];
  workgroupBarrier();
  var total = 0.0;
  for (var s = lane; s < keys; s += THREADS) { total += torch_exp(score(row_at, mask_at, l, s) - top); }
  parts[t] = total;
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (lane < step) { parts[t] += parts[t + step]; }
  }
  workgroupBarrier();
  total = parts[t - lane];
  for (var s = lane; s < keys; s += THREADS) {
    weight_to(row_at + s, select(torch_exp(score(row_at, mask_at, l, s) - top) / total, 0.0, top == LOWEST));
  }
  for (var s = keys + lane; inside && s < a.S; s += THREADS) { weight_to(row_at + s, 0.0); }
}
