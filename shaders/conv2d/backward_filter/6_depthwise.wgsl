// BACKWARD FILTER, depthwise: one input channel for each filter, a row of its taps an invocation.
//
// Idea: a filter has R·S elements and a sum as long as its planes for each, so there is no matrix product to speak of, and what is left
// is to read little. Eight gradients of a row stand still while the row of x slides by under them, one new element for each tap, and
// every tap takes up the products of the two. As the rows are many and the filters few, they are split into parts; deliver() says
// how a part's sums join the rest.
// Operations: 2·N·K·P·Q·R·S. Bytes read: 4·R·(15+S)/8 an output. Workspace: what deliver() needs.
// Needs one input channel a group, stride 1 and dilation 1 along the width.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> dy: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;
@group(0) @binding(4) var<uniform> split: Split;

struct Split { parts: u32 }

fn gradient(row: u32, q: u32) -> Acc { return select(Acc(0), Acc(dy[row + q]), q < conv.Q); }

fn gradients_from(row: u32, q: u32) -> Four { return Four(gradient(row, q), gradient(row, q + 1), gradient(row, q + 2), gradient(row, q + 3)); }

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let number = linear_invocation(gid, groups, GROUP);
  let r = number % conv.R;
  let k = number / conv.R % conv.K;
  let part = number / (conv.R * conv.K);
  if (part >= split.parts) { return; }
  let c = k / (conv.K / conv.groups);

  var sums: array<Acc, FILTER_W>;
  let rows = (conv.N * conv.P + split.parts - 1) / split.parts;
  for (var row = part * rows; row < min((part + 1) * rows, conv.N * conv.P); row++) {
    let n = row / conv.P;
    let h = i32(row % conv.P * conv.stride_h + r * conv.dilation_h) - i32(conv.pad_top);
    if (h < 0 || h >= i32(conv.H)) { continue; }
    let from_x = (i32((n * conv.C + c) * conv.H) + h) * i32(conv.W);
    let from_y = ((n * conv.K + k) * conv.P + row % conv.P) * conv.Q;
    for (var q = 0u; q < conv.Q; q += 8) {
      let v = i32(q) - i32(conv.pad_left);
      let lo = gradients_from(from_y, q);
      let hi = gradients_from(from_y, q + 4);
      var lo_x = four_from(from_x, v, true);
      var hi_x = four_from(from_x, v + 4, true);
      for (var s = 0u; s < FILTER_W; s++) {
        sums[s] += dot(lo, lo_x) + dot(hi, hi_x);
        lo_x = Four(lo_x.yzw, hi_x.x);
        hi_x = Four(hi_x.yzw, element(from_x, v + 8 + i32(s), true));
      }
    }
  }
  for (var s = 0u; s < FILTER_W; s++) { deliver(sums[s], (k * conv.R + r) * FILTER_W + s, part); }
}
