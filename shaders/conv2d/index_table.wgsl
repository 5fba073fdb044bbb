// IMPLICIT_PRECOMP_GEMM, first of three kernels: the index table.
//
// Idea: where an output pixel reads x under a tap depends neither on the channel nor on the image, so it is worked out
// once: table[tap][pixel] is the place in a plane of x, or OUTSIDE where the filter stands on padding.
// One invocation an entry. Bytes: 4·R·S·P·Q written. Operations: none.
// Source: Chetlur et al., "cuDNN: Efficient Primitives for Deep Learning", 2014 (arXiv 1410.0759), section 3.
@group(0) @binding(0) var<storage, read_write> table: array<u32>;
@group(0) @binding(1) var<uniform> conv: Conv;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let pixels = conv.P * conv.Q;
  if (index >= conv.R * conv.S * pixels) { return; }
  let tap = index / pixels;
  let h = i32(index % pixels / conv.Q * conv.stride_h + tap / conv.S * conv.dilation_h) - i32(conv.pad_top);
  let v = i32(index % pixels % conv.Q * conv.stride_w + tap % conv.S * conv.dilation_w) - i32(conv.pad_left);
  let inside = (h >= 0) & (h < i32(conv.H)) & (v >= 0) & (v < i32(conv.W));
  table[index] = select(OUTSIDE, u32(h) * conv.W + u32(v), inside);
}
