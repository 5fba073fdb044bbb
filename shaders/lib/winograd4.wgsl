// The transforms of F(2×2, 3×3), whose points are 0, 1, −1 and infinity, so that there is nothing to multiply by. A tile
// is a 4×4 matrix, by columns; each transform goes along the rows first, then down the columns.

//        −1  0  1  0
//  Bᵀ =   0  1  1  0        v = Bᵀ·d·B
//         0 −1  1  0
//         0 −1  0  1
fn input_transform(d0: vec4<f32>, d1: vec4<f32>, d2: vec4<f32>, d3: vec4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(input_column(d2 - d0), input_column(d1 + d2), input_column(d2 - d1), input_column(d3 - d1));
}
fn input_column(d: vec4<f32>) -> vec4<f32> { return vec4<f32>(d.z - d.x, d.y + d.z, d.z - d.y, d.w - d.y); }

//        −1  0  0
//  G =    ½  ½  ½           u = G·g·Gᵀ
//         ½ −½  ½
//         0  0  1
fn filter_transform(g0: vec3<f32>, g1: vec3<f32>, g2: vec3<f32>) -> mat4x4<f32> {
  let even = 0.5 * (g0 + g2);
  let odd = 0.5 * g1;
  return mat4x4<f32>(filter_column(-g0), filter_column(even + odd), filter_column(even - odd), filter_column(g2));
}
fn filter_column(g: vec3<f32>) -> vec4<f32> {
  let even = 0.5 * (g.x + g.z);
  let odd = 0.5 * g.y;
  return vec4<f32>(-g.x, even + odd, even - odd, g.z);
}

//  Aᵀ =   1  1  1  0        y = Aᵀ·m·A
//         0  1 −1  1
fn output_transform(m: mat4x4<f32>) -> mat2x2<f32> {
  return mat2x2<f32>(output_column(m[0] + m[1] + m[2]), output_column(m[1] - m[2] + m[3]));
}
fn output_column(m: vec4<f32>) -> vec2<f32> { return vec2<f32>(m.x + m.y + m.z, m.y - m.z + m.w); }

// The products at 16 points, added to what other channels gave.
fn multiply_add(sum: mat4x4<f32>, u: mat4x4<f32>, v: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(sum[0] + u[0] * v[0], sum[1] + u[1] * v[1], sum[2] + u[2] * v[2], sum[3] + u[3] * v[3]);
}
