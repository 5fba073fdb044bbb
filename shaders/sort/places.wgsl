// Writes the positions of the sorted pairs, without the padding. One invocation an output element, 8 bytes read and 4
// written each.
@group(0) @binding(0) var<storage, read> pairs: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read_write> y: array<i32>;
@group(0) @binding(2) var<uniform> p: Sort;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_invocation(gid, groups, GROUP);
  if (i >= p.rows * p.n) { return; }
  let k = i % p.inner;
  let c = i / p.inner % p.n;
  let o = i / (p.inner * p.n);
  y[i] = i32(pairs[(o * p.inner + k) * p.padded + c].y);
}
