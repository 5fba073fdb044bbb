// INT8 CONV2D, PACKED: four channels a word, four products an instruction. (cuDNN's layout of the name is INT8x4.)
//
// Idea: pack.wgsl has put the channels of each group four to a word, planes of words as planes of elements before, so the loops are those of
// 1_conv2d.wgsl over a quarter of the channels.
// Operations: 2·N·K·P·Q·(C/groups)·R·S as four to an instruction. Bytes read without a cache: 2 a multiplication. Workspace: a byte an element
// of x and w, where C/groups is a multiple of four.
@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read> w: array<u32>;
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
  let words = (Cg + 3) / 4;
  let first_c = (n * conv.groups + k / (conv.K / conv.groups)) * words;
  let h0 = i32(p * conv.stride_h) - i32(conv.pad_top);
  let v0 = i32(q * conv.stride_w) - i32(conv.pad_left);

  var sums = Sums();
  var taps = 0u;
  for (var r = 0u; r < conv.R; r++) {
    let h = h0 + i32(r * conv.dilation_h);
    if (h < 0 || h >= i32(conv.H)) { continue; }
    for (var s = 0u; s < conv.S; s++) {
      let v = v0 + i32(s * conv.dilation_w);
      if (v < 0 || v >= i32(conv.W)) { continue; }
      taps++;
      for (var c = 0u; c < words; c++) {
        let x_at = ((first_c + c) * conv.H + u32(h)) * conv.W + u32(v);
        sums = with_four(sums, x[x_at], w[((k * words + c) * conv.R + r) * conv.S + s]);
      }
    }
  }
  y[index] = centred(sums, taps * Cg, k);
}
