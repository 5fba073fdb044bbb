// NAIVE: the definition of a matrix product, one invocation an element of c.
//
// Idea: three nested loops, of which two are the grid. Each element of a is read N times and each of b M times: what
// the caches catch is luck, what later kernels keep in registers and workgroup memory is design.
// Operations: 2·M·N·K. Bytes read without a cache: 8 a multiplication. Workspace: none.
@group(0) @binding(0) var<storage, read> a: array<Elem>;
@group(0) @binding(1) var<storage, read> b: array<Elem>;
@group(0) @binding(2) var<storage, read_write> c: array<Out>;
@group(0) @binding(3) var<uniform> gemm: Gemm;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= gemm.outer * gemm.inner * gemm.M * gemm.N) { return; }
  let n = index % gemm.N;
  let m = index / gemm.N % gemm.M;
  let at = product(gemm, index / (gemm.N * gemm.M));

  var sum = Acc(0);
  for (var k = 0u; k < gemm.K; k++) {
    sum += Acc(a[at.a + m * gemm.a_row + k * gemm.a_column]) * Acc(b[at.b + k * gemm.b_row + n * gemm.b_column]);
  }
  let to = at.c + m * gemm.c_row + n;
  c[to] = Out(epilogue(sum, to, channel(gemm, at.inner, m, n)));
}
