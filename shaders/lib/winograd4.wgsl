// The transforms of F(2×2, 3×3), whose points are 0, 1, −1 and infinity, so that there is nothing to multiply by. A
// tile is a 4×4 matrix, by columns; each transform goes along the rows first, then down the columns.
alias Points = mat4x4<Acc>;

//        −1  0  1  0
//  Bᵀ =   0  1  1  0        v = Bᵀ·d·B
//         0 −1  1  0
//         0 −1  0  1
fn input_transform(d0: vec4<Acc>, d1: vec4<Acc>, d2: vec4<Acc>, d3: vec4<Acc>) -> Points {
  return Points(input_column(d2 - d0), input_column(d1 + d2), input_column(d2 - d1), input_column(d3 - d1));
}
fn input_column(d: vec4<Acc>) -> vec4<Acc> { return vec4<Acc>(d.z - d.x, d.y + d.z, d.z - d.y, d.w - d.y); }

//        −1  0  0
//  G =    ½  ½  ½           u = G·g·Gᵀ
//         ½ −½  ½
//         0  0  1
fn filter_transform(g0: vec3<Acc>, g1: vec3<Acc>, g2: vec3<Acc>) -> Points {
  let even = Acc(0.5) * (g0 + g2);
  let odd = Acc(0.5) * g1;
  return Points(filter_column(-g0), filter_column(even + odd), filter_column(even - odd), filter_column(g2));
}
fn filter_column(g: vec3<Acc>) -> vec4<Acc> {
  let even = Acc(0.5) * (g.x + g.z);
  let odd = Acc(0.5) * g.y;
  return vec4<Acc>(-g.x, even + odd, even - odd, g.z);
}

//  Aᵀ =   1  1  1  0        y = Aᵀ·m·A
//         0  1 −1  1
fn output_transform(m: Points) -> mat2x2<Acc> {
  return mat2x2<Acc>(output_column(m[0] + m[1] + m[2]), output_column(m[1] - m[2] + m[3]));
}
fn output_column(m: vec4<Acc>) -> vec2<Acc> { return vec2<Acc>(m.x + m.y + m.z, m.y - m.z + m.w); }

// The products at 16 points, added to what other channels gave.
fn multiply_add(sum: Points, u: Points, v: Points) -> Points {
  return Points(sum[0] + u[0] * v[0], sum[1] + u[1] * v[1], sum[2] + u[2] * v[2], sum[3] + u[3] * v[3]);
}
