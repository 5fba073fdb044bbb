// The products of WINOGRAD_NONFUSED and of the FFTs with workgroup memory: c[b] = a[b]ᵀ · b[b] for every point b.
//
// Idea: the same products as in winograd/nonfused_product.wgsl and fft/product.wgsl, tile by tile: a workgroup brings
// TILE_K steps of both operands into workgroup memory, and each invocation makes an 8×8 block of them
// (block/shared.wgsl). Both operands lie depth first, so neighbouring invocations fetch neighbouring numbers. How the
// sums are kept say sums_whole.wgsl and sums_by_tile.wgsl, and what becomes of them real.wgsl and complex.wgsl:
// place(column), deliver(sum, tile).
// Operations: 2·M·N·depth a product. Bytes read from buffers: 4·M·N·depth·(1/TILE_M + 1/TILE_N); from workgroup memory:
// 4·M·N·depth·(1/8 + 1/8); half of both in float16. Barriers: two for every TILE_K steps. Beyond the depth there are
// zeros; beyond M and N whatever lies there, and it is never stored. Where the depth does not fit the workspace at
// once, later launches add to what the first has stored.
struct Product { M: u32, N: u32, depth: u32, count: u32, accumulate: u32 }
@group(0) @binding(0) var<storage, read> a: array<Acc>;
@group(0) @binding(1) var<storage, read> b: array<Acc>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
@group(0) @binding(3) var<uniform> job: Product;

// The block of one invocation: its product, its first row, its tile's first column, and its place among the columns.
struct Place { batch: u32, m: u32, n0: u32, column: u32 }

// Where the tiles of a step begin: the first row of the depth, how many are left, and the tiles' first row and column.
struct Step { first: u32, left: u32, m: u32, n: u32 }

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let tile = wid.y * groups.x + wid.x;
  let tiles_m = (job.M + TILE_M - 1) / TILE_M;
  let tiles_n = (job.N + TILE_N - 1) / TILE_N;
  let n0 = tile % tiles_n * TILE_N;
  let m0 = tile / tiles_n % tiles_m * TILE_M;
  let batch = tile / (tiles_n * tiles_m);

  var sum = Sum();
  for (var k0 = 0u; k0 < job.depth; k0 += TILE_K) {
    fetch_tiles(Step(batch * job.depth + k0, job.depth - k0, m0, n0), thread);
    sum = add_tiles(sum, thread);
    workgroupBarrier();
  }

  let m = m0 + thread / THREADS_N * 8;
  if (batch < job.count && m < job.M) { deliver(sum, Place(batch, m, n0, thread % THREADS_N)); }
}

fn fetch_a(step: Step, i: u32) {
  let k = i / TILE_M;
  a_tile[i] = select(Acc(0), a[(step.first + k) * job.M + step.m + i % TILE_M], k < step.left);
}

fn fetch_b(step: Step, i: u32) {
  let k = i / TILE_N;
  b_tile[k * TILE_N + place(i % TILE_N)] = select(Acc(0), b[(step.first + k) * job.N + step.n + i % TILE_N], k < step.left);
}

fn store(at: u32, sum: f32) {
  if (job.accumulate != 0) { c[at] += sum; } else { c[at] = sum; }
}
