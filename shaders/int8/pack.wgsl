// Four 8-bit elements that follow each other along one dimension, in one word; seen as outer × size × inner.
//
// Where the last word has no more elements it takes what stands for 0, so that products with it add nothing. Unsigned
// elements become signed ones by SHIFT = 128, since the dot product wants one kind.
// One invocation a word: 16 bytes read, 4 written.
struct Pack { outer: u32, size: u32, inner: u32, offset: i32, outer_stride: i32, stride: i32, inner_stride: i32 }
@group(0) @binding(0) var<storage, read> x: array<i32>;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;
@group(0) @binding(2) var<uniform> p: Pack;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_invocation(gid, groups, GROUP);
  let words = (p.size + 3) / 4;
  if (i >= p.outer * words * p.inner) { return; }
  let first = 4 * i32(i / p.inner % words);
  let start = p.offset + i32(i / (p.inner * words)) * p.outer_stride + i32(i % p.inner) * p.inner_stride;
  var four = vec4(zero());
  for (var j = 0; j < 4; j++) {
    if (first + j < i32(p.size)) { four[j] = x[start + (first + j) * p.stride]; }
  }
  y[i] = pack4xI8(four - SHIFT);
}
