// y[o, c, k] = x[o, index[o, c, k], k]. Source and index may be strided, so an index that is the same for whole rows is
// read in place. Whether the indices are in range is checked before.
// One invocation an output element, two reads and one write each.
struct Gather {
  outer: u32, count: u32, inner: u32,
  offset: i32, outer_stride: i32, stride: i32, inner_stride: i32,
  index_offset: i32, index_outer_stride: i32, index_stride: i32, index_inner_stride: i32,
}
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> index: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> p: Gather;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_invocation(gid, groups, GROUP);
  if (i >= p.outer * p.count * p.inner) { return; }
  let k = i32(i % p.inner);
  let c = i32(i / p.inner % p.count);
  let o = i32(i / (p.inner * p.count));
  let at = index[u32(p.index_offset + o * p.index_outer_stride + c * p.index_stride + k * p.index_inner_stride)];
  y[i] = x[u32(p.offset + o * p.outer_stride + at * p.stride + k * p.inner_stride)];
}
