// INT8 CONV2D: the definition, one invocation an output element, exact in 32-bit integers (beyond them it wraps, as in
// C).
//
// Idea: the direct convolution of (x - x_zero) with (w - w_zero). Padding stands for 0, so its terms are left out.
// Operations: 2·N·K·P·Q·(C/groups)·R·S, and as many subtractions. Bytes read without a cache: 8 a multiplication.
// Workspace: none.
@group(0) @binding(0) var<storage, read> x: array<i32>;
@group(0) @binding(1) var<storage, read> w: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<i32>;
@group(0) @binding(3) var<uniform> conv: Conv;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= conv.N * conv.K * conv.P * conv.Q) { return; }
  let q = index % conv.Q;
  let p = index / conv.Q % conv.P;
  let k = index / (conv.Q * conv.P) % conv.K;
  let n = index / (conv.Q * conv.P * conv.K);

  let Cg = conv.C / conv.groups;
  let first_c = k / (conv.K / conv.groups) * Cg;
  let h0 = i32(p * conv.stride_h) - i32(conv.pad_top);
  let v0 = i32(q * conv.stride_w) - i32(conv.pad_left);
  let zero_x = x_zero();
  let zero_w = w_zero(k);

  var sum = 0;
  for (var c = 0u; c < Cg; c++) {
    let x_plane = (n * conv.C + first_c + c) * conv.H;
    let w_plane = (k * Cg + c) * conv.R;
    for (var r = 0u; r < conv.R; r++) {
      let h = h0 + i32(r * conv.dilation_h);
      if (h < 0 || h >= i32(conv.H)) { continue; }
      for (var s = 0u; s < conv.S; s++) {
        let v = v0 + i32(s * conv.dilation_w);
        if (v < 0 || v >= i32(conv.W)) { continue; }
        sum += (x[(x_plane + u32(h)) * conv.W + u32(v)] - zero_x) * (w[(w_plane + r) * conv.S + s] - zero_w);
      }
    }
  }
  y[index] = sum;
}
