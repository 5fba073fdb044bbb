// DIRECT, depthwise: one input channel for each filter, eight outputs side by side an invocation.
//
// Idea: a depthwise convolution does R·S multiplications an output and no matrix product helps: each element of x
// serves one filter only (K/C of them at most). What is left is to read little: the window slides as in 2_sliding.wgsl.
// Operations: 2·N·K·P·Q·R·S. Bytes read: 4·R·((7+S)/8 + S/8) an output. Workspace: none.
// Needs one input channel a group, stride 1 and dilation 1 along the width.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

// The sums of one filter.
alias Sums = array<array<Four, 2>, 1>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  // Strips are counted through the planes of the output, so the strip's image is such a plane here.
  let at = strip_at(linear_invocation(gid, groups, GROUP));
  let k = at.n % conv.K;
  let strip = Strip(at.n / conv.K, at.p, at.q, at.v);
  if (strip.n >= conv.N) { return; }
  let plane = strip.n * conv.C + k / (conv.K / conv.groups);

  var sum = Eight();
  for (var r = 0u; r < conv.R; r++) {
    let rows = rows_under(strip, plane, r);
    var window = window_of(strip, rows);
    for (var s = 0u; s < conv.S; s++) {
      let tap = Acc(w[(k * conv.R + r) * conv.S + s]);
      sum = Eight(sum.lo + tap * window.lo, sum.hi + tap * window.hi);
      window = slide(window, strip, rows, s + 1);
    }
  }
  var sums = Sums(array<Four, 2>(sum.lo, sum.hi));
  for (var i = 0u; i < STORES; i++) { put(&sums, i, k, strip); }
}
