// BACKWARD DATA, ALGO_1, depthwise: one input channel for each filter, eight neighbouring elements of dx an invocation.
//
// Idea: as forward (direct/2_sliding_depthwise.wgsl), there is no matrix product to speak of, and what is left is to
// read little. The window over dy slides against the direction of the taps: to go to the next one, the eight elements
// are shifted by one and a single new one is loaded at their left end. No atomics, so equal inputs give equal bits.
// Operations: 2·N·C·H·W·(K/groups)·R·S / stride_h. Bytes read: 4·R·((7+S)/8 + S/8) an element and filter. Workspace:
// none. Needs one input channel a group, stride 1 and dilation 1 along the width.
@group(0) @binding(0) var<storage, read> dy: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> dx: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

alias Four = vec4<Acc>;

fn element(row: u32, q: i32, row_inside: bool) -> Acc {
  let inside = row_inside & (q >= 0) & (q < i32(conv.Q));
  return select(Acc(0), Acc(dy[select(0u, row + u32(q), inside)]), inside);
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let strips = (conv.W + 7) / 8;
  let strip = linear_invocation(gid, groups, GROUP);
  if (strip >= conv.N * conv.C * conv.H * strips) { return; }
  let v = strip % strips * 8;
  let h = strip / strips % conv.H;
  let c = strip / (strips * conv.H) % conv.C;
  let n = strip / (strips * conv.H * conv.C);
  let Kg = conv.K / conv.groups;
  let top = h + conv.pad_top;
  let q0 = i32(v + conv.pad_left);

  var lo = Four();
  var hi = Four();
  for (var k = c * Kg; k < (c + 1) * Kg; k++) {
    for (var r = 0u; r < conv.R; r++) {
      let reach = r * conv.dilation_h;
      let p = (top - reach) / conv.stride_h;
      let inside = (reach <= top) & ((top - reach) % conv.stride_h == 0) & (p < conv.P);
      let row = ((n * conv.K + k) * conv.P + p) * conv.Q;
      var lo_y = Four(element(row, q0, inside), element(row, q0 + 1, inside), element(row, q0 + 2, inside), element(row, q0 + 3, inside));
      var hi_y = Four(element(row, q0 + 4, inside), element(row, q0 + 5, inside), element(row, q0 + 6, inside), element(row, q0 + 7, inside));
      for (var s = 0u; s < conv.S; s++) {
        let tap = Acc(w[(k * conv.R + r) * conv.S + s]);
        lo += tap * lo_y;
        hi += tap * hi_y;
        hi_y = Four(lo_y.w, hi_y.xyz);
        lo_y = Four(element(row, q0 - 1 - i32(s), inside), lo_y.xyz);
      }
    }
  }

  let to = ((n * conv.C + c) * conv.H + h) * conv.W + v;
  var sums = array<Four, 2>(lo, hi);
  for (var i = 0u; i < min(8, conv.W - v); i++) { dx[to + i] = Elem(sums[i / 4][i % 4]); }
}
