// BACKWARD FILTER, ALGO_1, plain form: one invocation an element of dw.
//
// dw[k,c,r,s] = sum over n,p,q of dy[n,k,p,q] * x[n, c, p*stride_h - pad_top + r*dilation_h, q*stride_w - pad_left +
// s*dilation_w].
// Idea: the sum is long (N·P·Q), so it is kept by row: short sums added to a long one round less than one long sum.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes read without a cache: 8 a multiplication. Workspace: none.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> dy: array<Elem>;
@group(0) @binding(2) var<storage, read_write> dw: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let Cg = conv.C / conv.groups;
  if (index >= conv.K * Cg * conv.R * conv.S) { return; }
  let s = index % conv.S;
  let r = index / conv.S % conv.R;
  let k = index / (conv.S * conv.R * Cg);
  let c = k / (conv.K / conv.groups) * Cg + index / (conv.S * conv.R) % Cg;
  let columns = outputs_inside(i32(s * conv.dilation_w) - i32(conv.pad_left), conv.stride_w, conv.W, conv.Q);
  let rows = outputs_inside(i32(r * conv.dilation_h) - i32(conv.pad_top), conv.stride_h, conv.H, conv.P);

  var sum = Acc(0);
  for (var n = 0u; n < conv.N; n++) {
    for (var p = rows.first; p < rows.end; p++) {
      let h = p * i32(conv.stride_h) + i32(r * conv.dilation_h) - i32(conv.pad_top);
      let from_x = i32(((n * conv.C + c) * conv.H + u32(h)) * conv.W + s * conv.dilation_w) - i32(conv.pad_left);
      let from_y = i32(((n * conv.K + k) * conv.P + u32(p)) * conv.Q);
      var row = Acc(0);
      for (var q = columns.first; q < columns.end; q++) {
        row += Acc(x[from_x + q * i32(conv.stride_w)]) * Acc(dy[from_y + q]);
      }
      sum += row;
    }
  }
  dw[index] = Elem(sum);
}

struct Range { first: i32, end: i32 }

// Which outputs o have 0 ≤ o*stride + shift < size: those whose tap does not fall on padding.
fn outputs_inside(shift: i32, stride: u32, size: u32, outputs: u32) -> Range {
  let step = i32(stride);
  let first = select(0, (-shift + step - 1) / step, shift < 0);
  let end = select(0, (i32(size) - 1 - shift) / step + 1, i32(size) > shift);
  return Range(first, min(end, i32(outputs)));
}
