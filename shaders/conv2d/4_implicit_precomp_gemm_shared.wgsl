// IMPLICIT_PRECOMP_GEMM with workgroup memory: the product of 4_implicit_precomp_gemm.wgsl by tiles.
//
// Idea: as 5_implicit_gemm_shared.wgsl, with both tiles easier to fill: neighbouring filters are neighbours in memory, and where
// a pixel reads x under a tap is one load from the table.
// Operations: 2·N·K·P·Q·(C/groups)·R·S; channels are filled up to a multiple of TILE_K. Bytes read from buffers: 4 for every
// TILE_M multiplications (x) and for every TILE_N (filters), and the table once for every TILE_M filters. Workspace: table and
// filters. Barriers: two for every TILE_K channels of a tap.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> table: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;
@group(0) @binding(4) var<storage, read> ordered: array<Elem>;

// An invocation's columns lie so far apart; columns/ says which pixels they are.
const SPREAD = THREADS_N;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let taps = conv.R * conv.S;
  let tile = wid.y * groups.x + wid.x;
  let tiles_k = (Kg + TILE_M - 1) / TILE_M;
  let k0 = tile % tiles_k * TILE_M;
  let group = tile / tiles_k % conv.groups;
  let first_column = tile / (tiles_k * conv.groups) * TILE_N;

  // The column of the tile that this invocation fills; THREADS is a multiple of TILE_N.
  let place = places_of(vec4(first_column + thread % TILE_N));
  let plane = (place.n.x * conv.C + group * Cg) * conv.H * conv.W;
  let pixel = place.p.x * conv.Q + place.q.x;

  var sum = Unit();
  for (var tap = 0u; tap < taps; tap++) {
    let at = table[tap * conv.P * conv.Q + pixel];
    for (var c0 = 0u; c0 < Cg; c0 += TILE_K) {
      for (var i = thread; i < TILE_M * TILE_K; i += THREADS) {
        let c = c0 + i / TILE_M;
        let element = ordered[((group * taps + tap) * Cg + c) * filled(Kg) + k0 + i % TILE_M];
        a_tile[i] = select(Acc(0), Acc(element), c < Cg);
      }
      for (var i = thread; i < TILE_N * TILE_K; i += THREADS) {
        let c = c0 + i / TILE_N;
        b_tile[i] = select(Acc(0), Acc(x[plane + at + c * conv.H * conv.W]), at != OUTSIDE && c < Cg);
      }
      workgroupBarrier();
      sum = multiply_tiles(sum, thread);
      workgroupBarrier();
    }
  }

  let k = k0 + thread / THREADS_N * 8;
  let rows = min(8, Kg - min(k, Kg));
  var sums = sums_of(sum);
  for (var i = 0u; i < STORES * rows; i++) { put(&sums, i, group * Kg + k, first_column + thread % THREADS_N); }
}
