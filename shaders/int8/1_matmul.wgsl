// INT8 MATMUL: the definition, one invocation an element of y, exact in 32-bit integers (beyond them it wraps, as in
// C).
//
// Idea: an 8-bit element lies in a 32-bit word, as WGSL can address nothing smaller; the zero points are subtracted as
// the elements are read, so that signed and unsigned operands are one kernel.
// Operations: 2·M·N·K, and 2·M·N·K subtractions. Bytes read without a cache: 8 a multiplication. Workspace: none.
@group(0) @binding(0) var<storage, read> x: array<i32>;
@group(0) @binding(1) var<storage, read> w: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<i32>;
@group(0) @binding(3) var<uniform> p: Matmul;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= p.M * p.N) { return; }
  let n = index % p.N;
  let m = index / p.N;

  let zero_x = x_zero();
  let zero_w = w_zero(n);
  var sum = 0;
  for (var k = 0u; k < p.K; k++) {
    sum += (x[p.x_offset + m * p.x_row + k * p.x_column] - zero_x) * (w[p.w_offset + k * p.w_row + n * p.w_column] - zero_w);
  }
  y[index] = sum;
}
