// One tensor written into its part of a larger one, for cat. Seen as outer × size × inner; the source may be strided.
// One invocation a source element, one read and one write each.
struct CopyInto { outer: u32, size: u32, inner: u32, total: u32, start: u32, offset: i32, outer_stride: i32, stride: i32, inner_stride: i32 }
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Elem>;
@group(0) @binding(2) var<uniform> p: CopyInto;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_invocation(gid, groups, GROUP);
  if (i >= p.outer * p.size * p.inner) { return; }
  let k = i % p.inner;
  let c = i / p.inner % p.size;
  let o = i / (p.inner * p.size);
  y[(o * p.total + p.start + c) * p.inner + k] = x[u32(p.offset + i32(o) * p.outer_stride + i32(c) * p.stride + i32(k) * p.inner_stride)];
}
