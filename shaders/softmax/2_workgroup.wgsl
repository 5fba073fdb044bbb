// softmax, THREADS invocations a row: they find the largest and the sum together, by two trees in workgroup memory.
// Right where rows are long (attention). Reads each element three times, from cache mostly, writes it once.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Elem>;
@group(0) @binding(2) var<uniform> p: Rows;

var<workgroup> parts: array<f32, GROUP>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let row = (wid.y * groups.x + wid.x) * (GROUP / THREADS) + t / THREADS;
  let lane = t % THREADS;
  let inside = row < p.rows;
  let length = select(0u, p.length, inside);
  let first = row_start(p, min(row, p.rows - 1u));
  var top = f32(x[first]);
  for (var i = lane; i < length; i += THREADS) { top = larger(top, f32(x[first + i * p.inner])); }
  parts[t] = top;
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (lane < step) { parts[t] = larger(parts[t], parts[t + step]); }
  }
  workgroupBarrier();
  top = parts[t - lane];
  workgroupBarrier();
  var total = 0.0;
  let block = block_of(length / THREADS) * THREADS;
  for (var next = lane; next < length; next += block) {
    var part = 0.0;
    for (var i = next; i < min(next + block, length); i += THREADS) { part += torch_exp(f32(x[first + i * p.inner]) - top); }
    total += part;
  }
  parts[t] = total;
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (lane < step) { parts[t] += parts[t + step]; }
  }
  workgroupBarrier();
  total = parts[t - lane];
  for (var i = lane; i < length; i += THREADS) { y[first + i * p.inner] = Elem(finish(f32(x[first + i * p.inner]) - top, total)); }
}
