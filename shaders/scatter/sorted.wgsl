// For each place along a dimension, combines the positions whose index names it, in their order, so that the result is
// the same every time. The positions come sorted by index: a binary search finds the first, the rest follow it. One
// invocation an output element; log2(count) reads to search, three for each position that it combines.
struct Scatter {
  outer: u32, size: u32, inner: u32, count: u32,
  // The index is read through strides; rows of it that are the same for every o or k are sorted once.
  index_offset: i32, index_outer_stride: i32, index_stride: i32, index_inner_stride: i32,
  order_outer_stride: u32, order_stride: u32, order_inner_stride: u32,
}
@group(0) @binding(0) var<storage, read> index: array<i32>;
@group(0) @binding(1) var<storage, read> order: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<Out>;
@group(0) @binding(3) var<uniform> p: Scatter;

fn index_at(o: u32, c: u32, k: u32) -> i32 {
  return index[u32(p.index_offset + i32(o) * p.index_outer_stride + i32(c) * p.index_stride + i32(k) * p.index_inner_stride)];
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_invocation(gid, groups, GROUP);
  if (i >= p.outer * p.size * p.inner) { return; }
  let k = i % p.inner;
  let place = i32(i / p.inner % p.size);
  let o = i / (p.inner * p.size);
  let row = o * p.order_outer_stride + k * p.order_inner_stride;
  var low = 0u;
  var high = p.count;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (index_at(o, u32(order[row + middle * p.order_stride]), k) < place) { low = middle + 1u; } else { high = middle; }
  }
  var acc = start();
  for (var r = low; r < p.count; r++) {
    let c = u32(order[row + r * p.order_stride]);
    if (index_at(o, c, k) != place) { break; }
    acc = combine(acc, c, (o * p.count + c) * p.inner + k);
  }
  y[i] = Out(acc);
}
