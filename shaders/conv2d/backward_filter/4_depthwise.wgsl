// BACKWARD FILTER, depthwise: one input channel for each filter, a row of its taps an invocation.
//
// Idea: a filter has R·S elements and a sum as long as its planes for each, so there is no matrix product to speak of,
// and what is left is to read little. Eight gradients of a row stand still while the row of x slides by under them, one
// new element for each tap, and every tap takes up the products of the two. As the rows are many and the filters few,
// they are split; deliver() says how a split's sums join the rest.
// Operations: 2·N·K·P·Q·R·S. Bytes read: 4·R·(15+S)/8 an output. Workspace: what deliver() needs.
// Needs one input channel a group, stride 1 and dilation 1 along the width.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> dy: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;
@group(0) @binding(4) var<uniform> splitting: Splits;

struct Splits { count: u32 }

// What is not inside counts for nothing, be it infinite: zero times that would be no number.
fn only(inside: vec4<bool>, numbers: Four) -> Four { return select(Four(), numbers, inside); }

fn gradients(at: u32) -> Four { return Four(Acc(dy[at]), Acc(dy[at + 1]), Acc(dy[at + 2]), Acc(dy[at + 3])); }

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let number = linear_invocation(gid, groups, GROUP);
  let r = number % conv.R;
  let k = number / conv.R % conv.K;
  let split = number / (conv.R * conv.K);
  if (split >= splitting.count) { return; }
  let c = k / (conv.K / conv.groups);

  var sums: array<Acc, FILTER_W>;
  let rows = (conv.N * conv.P + splitting.count - 1) / splitting.count;
  for (var row = split * rows; row < min((split + 1) * rows, conv.N * conv.P); row++) {
    let n = row / conv.P;
    let h = i32(row % conv.P * conv.stride_h + r * conv.dilation_h) - i32(conv.pad_top);
    if (h < 0 || h >= i32(conv.H)) { continue; }
    let from_x = (i32((n * conv.C + c) * conv.H) + h) * i32(conv.W);
    let from_y = ((n * conv.K + k) * conv.P + row % conv.P) * conv.Q;
    for (var q = 0u; q < conv.Q; q += 8) {
      let v = i32(q) - i32(conv.pad_left);
      let lo_inside = q + vec4(0, 1, 2, 3) < vec4(conv.Q);
      let hi_inside = q + vec4(4, 5, 6, 7) < vec4(conv.Q);
      let lo = only(lo_inside, gradients(from_y + q));
      let hi = only(hi_inside, gradients(from_y + q + 4));
      var lo_x = four_from(from_x, v, true);
      var hi_x = four_from(from_x, v + 4, true);
      for (var s = 0u; s < FILTER_W; s++) {
        sums[s] += dot(lo, only(lo_inside, lo_x)) + dot(hi, only(hi_inside, hi_x));
        lo_x = Four(lo_x.yzw, hi_x.x);
        hi_x = Four(hi_x.yzw, element(from_x, v + 8 + i32(s), true));
      }
    }
  }
  for (var s = 0u; s < FILTER_W; s++) { deliver(sums[s], (k * conv.R + r) * FILTER_W + s, split); }
}
