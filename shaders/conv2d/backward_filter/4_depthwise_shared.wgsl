// BACKWARD FILTER, depthwise, with workgroup memory: one input channel for each filter, a filter a workgroup.
//
// Idea: neighbouring invocations take neighbouring pixels, so that dy and x are read in the order in which they lie in
// memory. Each keeps the sums of all taps over its own pixels; at the end they meet in workgroup memory, and an
// invocation adds up those of one tap, in a fixed order. As filters are few, the rows are split; deliver() says how a
// split's sums join the rest.
// Operations: 2·N·K·P·Q·R·S. Bytes read: 4·(1 + R·S) an output, nearly all of x's from the cache. Workspace: what
// deliver() needs.
// Barriers: one. Any stride and dilation. Needs one input channel a group.
// Source: M. Harris, "Optimizing Parallel Reduction in CUDA", 2007: each thread first adds up many elements by itself.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> dy: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;
@group(0) @binding(4) var<uniform> splitting: Splits;

struct Splits { count: u32 }

const TAPS = FILTER_H * FILTER_W;

// By invocation, then by tap.
var<workgroup> shares: array<Acc, GROUP * TAPS>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let number = wid.y * groups.x + wid.x;
  let k = number % conv.K;
  let split = number / conv.K;
  let c = k / (conv.K / conv.groups);
  let plane = conv.P * conv.Q;
  let rows = (conv.N * conv.P + splitting.count - 1) / splitting.count;
  let end = min((split + 1) * rows, conv.N * conv.P) * conv.Q;

  var sums: array<Acc, TAPS>;
  for (var pixel = split * rows * conv.Q + thread; pixel < end; pixel += GROUP) {
    let n = pixel / plane;
    let gradient = Acc(dy[(n * conv.K + k) * plane + pixel % plane]);
    let top = i32(pixel % plane / conv.Q * conv.stride_h) - i32(conv.pad_top);
    let left = i32(pixel % conv.Q * conv.stride_w) - i32(conv.pad_left);
    let image = i32((n * conv.C + c) * conv.H);
    for (var r = 0u; r < FILTER_H; r++) {
      let h = top + i32(r * conv.dilation_h);
      for (var s = 0u; s < FILTER_W; s++) {
        let v = left + i32(s * conv.dilation_w);
        let inside = (h >= 0) & (h < i32(conv.H)) & (v >= 0) & (v < i32(conv.W));
        sums[r * FILTER_W + s] += gradient * select(Acc(0), Acc(x[(image + h) * i32(conv.W) + v]), inside);
      }
    }
  }

  for (var tap = 0u; tap < TAPS; tap++) { shares[thread * TAPS + tap] = sums[tap]; }
  workgroupBarrier();
  if (split >= splitting.count) { return; }
  for (var tap = thread; tap < TAPS; tap += GROUP) {
    var sum = Acc(0);
    for (var i = 0u; i < GROUP; i++) { sum += shares[i * TAPS + tap]; }
    deliver(sum, k * TAPS + tap, split);
  }
}
