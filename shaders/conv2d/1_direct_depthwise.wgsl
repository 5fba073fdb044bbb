// DIRECT, depthwise: one input channel for each filter, eight neighbouring outputs an invocation.
//
// Idea: a depthwise convolution does R·S multiplications an output and no matrix product helps: each element of x serves
// one filter only (K/C of them at most). What is left is to read little: the window slides as in 1_direct_sliding.wgsl.
// Operations: 2·N·K·P·Q·R·S. Bytes read: 4·R·((7+S)/8 + S/8) an output. Workspace: none.
// Needs one input channel a group, stride 1 and dilation 1 along the width.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

alias Four = vec4<Acc>;

fn element(row: i32, v: i32, row_inside: bool) -> Acc {
  return select(Acc(0), Acc(x[row + v]), row_inside & (v >= 0) & (v < i32(conv.W)));
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let strips = (conv.Q + 7) / 8;
  let strip = linear_invocation(gid, groups, GROUP);
  if (strip >= conv.N * conv.K * conv.P * strips) { return; }
  let q = strip % strips * 8;
  let p = strip / strips % conv.P;
  let k = strip / (strips * conv.P) % conv.K;
  let n = strip / (strips * conv.P * conv.K);
  let h0 = i32(p * conv.stride_h) - i32(conv.pad_top);
  let v0 = i32(q) - i32(conv.pad_left);
  let plane = i32((n * conv.C + k / (conv.K / conv.groups)) * conv.H);

  var lo = Four();
  var hi = Four();
  for (var r = 0u; r < conv.R; r++) {
    let h = h0 + i32(r * conv.dilation_h);
    let inside = (h >= 0) & (h < i32(conv.H));
    let row = (plane + h) * i32(conv.W);
    var lo_x = Four(element(row, v0, inside), element(row, v0 + 1, inside), element(row, v0 + 2, inside), element(row, v0 + 3, inside));
    var hi_x = Four(element(row, v0 + 4, inside), element(row, v0 + 5, inside), element(row, v0 + 6, inside), element(row, v0 + 7, inside));
    for (var s = 0u; s < conv.S; s++) {
      let tap = Acc(w[(k * conv.R + r) * conv.S + s]);
      lo += tap * lo_x;
      hi += tap * hi_x;
      lo_x = Four(lo_x.yzw, hi_x.x);
      hi_x = Four(hi_x.yzw, element(row, v0 + 8 + i32(s), inside));
    }
  }

  let to = ((n * conv.K + k) * conv.P + p) * conv.Q + q;
  var sums = array<Four, 2>(lo, hi);
  for (var i = 0u; i < min(8, conv.Q - q); i++) {
    y[to + i] = Elem(epilogue(sums[i / 4][i % 4], to + i, k));
  }
}
