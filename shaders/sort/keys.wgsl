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

// Unsigned keys in the order of the elements. Of floats (FLOATS), negative ones are turned around; a NaN is the
// greatest; −0 equals 0.
fn key_of(v: Elem) -> u32 {
  if (!FLOATS) { return bitcast<u32>(i32(v)) ^ 0x80000000u; }
  let f = f32(v);
  let bits = bitcast<u32>(f);
  if (is_nan(f)) { return 0xffffffffu; }
  if (f == 0.0) { return 0x80000000u; }
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}
