// REGISTER: each invocation keeps a THREAD_M×THREAD_N block of c in registers; no barriers, no workgroup memory.
//
// Idea: per step of k, THREAD_M elements of a and THREAD_N of b make THREAD_M·THREAD_N multiplications. A workgroup's
// invocations stand side by side along n, so they read the same elements of a and adjacent ones of b.
// Operations: 2·M·N·K. Bytes read: 4·M·N·K·(1/THREAD_M + 1/THREAD_N). Workspace: none.
// Rows and columns beyond the edge read the last valid ones and are not stored.
@group(0) @binding(0) var<storage, read> a: array<Elem>;
@group(0) @binding(1) var<storage, read> b: array<Elem>;
@group(0) @binding(2) var<storage, read_write> c: array<Elem>;
@group(0) @binding(3) var<uniform> gemm: Gemm;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lid: vec3<u32>) {
  let tile = wid.y * groups.x + wid.x;
  let tiles_n = (gemm.N + GROUP * THREAD_N - 1) / (GROUP * THREAD_N);
  let tiles_m = (gemm.M + THREAD_M - 1) / THREAD_M;
  let batch = tile / (tiles_n * tiles_m);
  let at = product(gemm, batch);
  let n0 = tile % tiles_n * GROUP * THREAD_N + lid.x;
  let m0 = tile / tiles_n % tiles_m * THREAD_M;

  var a_at: array<u32, THREAD_M>;
  var b_at: array<u32, THREAD_N>;
  for (var i = 0u; i < THREAD_M; i++) { a_at[i] = at.a + min(m0 + i, gemm.M - 1) * gemm.a_row; }
  for (var j = 0u; j < THREAD_N; j++) { b_at[j] = at.b + min(n0 + j * GROUP, gemm.N - 1) * gemm.b_column; }

  var sum: array<array<Acc, THREAD_N>, THREAD_M>;
  for (var k = 0u; k < gemm.K; k++) {
    var b_k: array<Acc, THREAD_N>;
    for (var j = 0u; j < THREAD_N; j++) { b_k[j] = Acc(b[b_at[j] + k * gemm.b_row]); }
    for (var i = 0u; i < THREAD_M; i++) {
      let a_ik = Acc(a[a_at[i] + k * gemm.a_column]);
      for (var j = 0u; j < THREAD_N; j++) { sum[i][j] += a_ik * b_k[j]; }
    }
  }

  if (batch >= gemm.outer * gemm.inner) { return; }
  for (var i = 0u; i < THREAD_M; i++) {
    let m = m0 + i;
    for (var j = 0u; j < THREAD_N; j++) {
      let n = n0 + j * GROUP;
      if (m < gemm.M && n < gemm.N) {
        let to = at.c + m * gemm.c_row + n;
        c[to] = Elem(epilogue(sum[i][j], to, channel(gemm, at.inner, m, n)));
      }
    }
  }
}
