// INT8 CONV2D, PACKED: four channels a word, and four pixels of four output channels an invocation. (cuDNN's layout of
// that kind is INT8x4.)
//
// Idea: pack.wgsl has put the channels of each group four to a word, planes of words as planes of elements before. The
// eight words that a step reads serve sixteen dot products. Where a tap falls on padding it reads what stands for 0, so
// every sum has the same number of terms. Pixels and channels beyond the edge are the last ones again, and are not
// stored.
// Operations: 2·N·K·P·Q·(C/groups)·R·S as four to an instruction. Bytes read without a cache: ½ a multiplication.
// Workspace: a byte an element of x and w, where C/groups is a multiple of four.
@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read> w: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<i32>;
@group(0) @binding(3) var<uniform> conv: Conv;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let pixels = conv.P * conv.Q;
  let strips = (pixels + 3) / 4;
  let Kg = conv.K / conv.groups;
  let blocks = (Kg + 3) / 4;
  if (index >= conv.N * conv.groups * blocks * strips) { return; }
  let first_pixel = index % strips * 4;
  let first_k = index / strips % blocks * 4;
  let group = index / (strips * blocks) % conv.groups;
  let n = index / (strips * blocks * conv.groups);

  let words = (conv.C / conv.groups + 3) / 4;
  let pixel = min(first_pixel + vec4(0u, 1u, 2u, 3u), vec4(pixels - 1));
  let k = group * Kg + min(first_k + vec4(0u, 1u, 2u, 3u), vec4(Kg - 1));
  let h0 = vec4<i32>(pixel / conv.Q * conv.stride_h) - i32(conv.pad_top);
  let v0 = vec4<i32>(pixel % conv.Q * conv.stride_w) - i32(conv.pad_left);
  let padding = vec4(pack4xI8(vec4(packed_zero())));

  var sums = Sums();
  for (var r = 0u; r < conv.R; r++) {
    let h = h0 + i32(r * conv.dilation_h);
    let in_height = (h >= vec4(0)) & (h < vec4(i32(conv.H)));
    for (var s = 0u; s < conv.S; s++) {
      let v = v0 + i32(s * conv.dilation_w);
      let inside = in_height & (v >= vec4(0)) & (v < vec4(i32(conv.W)));
      let place = select(vec4(0u), vec4<u32>(h * i32(conv.W) + v), inside);
      for (var c = 0u; c < words; c++) {
        let x_at = ((n * conv.groups + group) * words + c) * conv.H * conv.W + place;
        let w_at = ((k * words + c) * conv.R + r) * conv.S + s;
        let taps = select(padding, vec4(x[x_at.x], x[x_at.y], x[x_at.z], x[x_at.w]), inside);
        sums = with_words(sums, taps, vec4(w[w_at.x], w[w_at.y], w[w_at.z], w[w_at.w]));
      }
    }
  }
  var block = centred(sums, 4 * words * conv.R * conv.S, vec4(w_zero(k.x), w_zero(k.y), w_zero(k.z), w_zero(k.w)));
  for (var j = 0u; j < min(4, Kg - first_k); j++) {
    let row = (n * conv.K + group * Kg + first_k + j) * pixels + first_pixel;
    for (var i = 0u; i < min(4, pixels - first_pixel); i++) { y[row + i] = block[i][j]; }
  }
}
