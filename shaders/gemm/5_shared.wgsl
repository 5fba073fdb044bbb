// SHARED: tiles in workgroup memory as in 2_tiled.wgsl, and a block in registers as in 3_register.wgsl.
//
// Idea: the two savings multiply. Workgroup memory cuts the reads from buffers by the tile's size, registers cut the
// reads from workgroup memory by the block's. This is the shape of every fast matmul on a GPU.
// Operations: 2·M·N·K. Bytes read from buffers: 4·M·N·K·(1/TILE_M + 1/TILE_N); from workgroup memory: 4·M·N·K·(1/8 +
// 1/8).
// Workspace: none. Barriers: two for every TILE_K steps.
// Source: Volkov and Demmel, "Benchmarking GPUs to Tune Dense Linear Algebra", 2008.
@group(0) @binding(0) var<storage, read> a: array<Elem>;
@group(0) @binding(1) var<storage, read> b: array<Elem>;
@group(0) @binding(2) var<storage, read_write> c: array<Out>;
@group(0) @binding(3) var<uniform> gemm: Gemm;

// Where the tiles of a step begin: the matrices' first elements, then the first row, column and place along the sum.
struct Step { a: u32, b: u32, m: u32, n: u32, k: u32 }

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let tile = wid.y * groups.x + wid.x;
  let tiles_m = (gemm.M + TILE_M - 1) / TILE_M;
  let tiles_n = (gemm.N + TILE_N - 1) / TILE_N;
  let batch = tile / (tiles_m * tiles_n);
  let at = product(gemm, batch);
  let m0 = tile % tiles_m * TILE_M;
  let n0 = tile / tiles_m % tiles_n * TILE_N;

  var sum = Unit();
  for (var k = 0u; k < gemm.K; k += TILE_K) { sum = add_step(sum, Step(at.a, at.b, m0, n0, k), thread); }

  if (batch >= gemm.outer * gemm.inner) { return; }
  let m = m0 + thread / THREADS_N * 8;
  let n = n0 + thread % THREADS_N;
  var sums = fours_of(sum);
  for (var i = 0u; i < 64; i++) { put(sums[i / 4][i % 4], at, m + i / 8, n + i % 8 * THREADS_N); }
}

// Neighbouring invocations read neighbouring elements, whichever way the matrix lies in memory. Beyond K both tiles get
// zeros, so that nothing is added; beyond M and N they get what is there, and it is never stored.
fn fetch_a(step: Step, i: u32) {
  let along_k = gemm.a_column == 1;
  let m = select(i % TILE_M, i / TILE_K, along_k);
  let k = select(i / TILE_M, i % TILE_K, along_k);
  let element = a[step.a + (step.m + m) * gemm.a_row + (step.k + k) * gemm.a_column];
  a_tile[k * TILE_M + m] = select(Acc(0), Acc(element), step.k + k < gemm.K);
}

fn fetch_b(step: Step, i: u32) {
  let along_k = gemm.b_row == 1;
  let n = select(i % TILE_N, i / TILE_K, along_k);
  let k = select(i / TILE_N, i % TILE_K, along_k);
  let element = b[step.b + (step.k + k) * gemm.b_row + (step.n + n) * gemm.b_column];
  b_tile[k * TILE_N + n] = select(Acc(0), Acc(element), step.k + k < gemm.K);
}

fn put(sum: Acc, at: Product, m: u32, n: u32) {
  if (m >= gemm.M || n >= gemm.N) { return; }
  let to = at.c + m * gemm.c_row + n;
  c[to] = Out(epilogue(sum, to, channel(gemm, at.inner, m, n)));
}
