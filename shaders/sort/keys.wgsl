// Writes the pairs that the sort moves; a descending sort is an ascending one of inverted keys.
// One invocation a pair, one read and one write of 8 bytes each.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> pairs: array<vec2<u32>>;
@group(0) @binding(2) var<uniform> p: Sort;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_invocation(gid, groups, GROUP);
  if (i >= p.rows * p.padded) { return; }
  let row = i / p.padded;
  let c = i % p.padded;
  pairs[i] = vec2<u32>(0xffffffffu, c);
  if (c < p.n) {
    let at = p.offset + i32(row / p.inner) * p.outer_stride + i32(c) * p.stride + i32(row % p.inner) * p.inner_stride;
    pairs[i].x = key_of(x[u32(at)]) ^ p.flip;
  }
}
