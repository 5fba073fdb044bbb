// Rows of any length, anywhere: four reads, and zeros behind a row's end.
@group(0) @binding(0) var<storage, read> q: array<Elem>;
@group(0) @binding(1) var<storage, read> k: array<Elem>;
@group(0) @binding(2) var<storage, read> v: array<Elem>;
fn inside(i: u32, size: u32) -> vec4<bool> { return vec4(4 * i) + vec4<u32>(0, 1, 2, 3) < vec4(size); }
fn four_of_q(at: u32, i: u32) -> vec4<f32> {
  let p = at + 4 * i;
  return select(vec4(0.0), vec4(f32(q[p]), f32(q[p + 1]), f32(q[p + 2]), f32(q[p + 3])), inside(i, SIZE));
}
fn four_of_k(at: u32, i: u32) -> vec4<f32> {
  let p = at + 4 * i;
  return select(vec4(0.0), vec4(f32(k[p]), f32(k[p + 1]), f32(k[p + 2]), f32(k[p + 3])), inside(i, SIZE));
}
fn four_of_v(at: u32, i: u32) -> vec4<f32> {
  let p = at + 4 * i;
  return select(vec4(0.0), vec4(f32(v[p]), f32(v[p + 1]), f32(v[p + 2]), f32(v[p + 3])), inside(i, VALUE_SIZE));
}
