// The losses of all samples added up, and their weights: a workgroup sums a chunk, by a tree in workgroup memory,
// always in the same order.
//
// Idea: a loss needs no row of numbers that is written, read and added up: what a sample counts is two reads.
// pair_at(i) of the linked file says what is added; where one chunk holds all, the result is the loss, and else the
// sums of chunks, which the same kernel adds. Reads one element of logs and of labels a sample, and barriers are 1 +
// log2(GROUP).
@group(0) @binding(3) var<uniform> p: Classes;

var<workgroup> sums: array<vec2<f32>, GROUP>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let first = wid.x * p.chunk;
  var sum = vec2<f32>();
  for (var i = first + t; i < min(first + p.chunk, p.samples); i += GROUP) { sum += pair_at(i); }
  sums[t] = sum;
  for (var step = GROUP / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (t < step) { sums[t] += sums[t + step]; }
  }
  if (t == 0u) { deliver(wid.x, sums[0]); }
}
