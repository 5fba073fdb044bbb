// IMPLICIT_GEMM with workgroup memory: the product of 3_implicit_gemm.wgsl by tiles.
//
// Idea: the tile of the matrix of columns is gathered from x straight into workgroup memory, TILE_K channels under one tap
// at a time. Each invocation fills one column of it, so it works out its pixel's place once a tap, and neighbouring
// invocations read neighbouring elements of x.
// Operations: 2·N·K·P·Q·(C/groups)·R·S; channels are filled up to a multiple of TILE_K. Bytes read from buffers: 4 for every
// TILE_M multiplications (x) and for every TILE_N (w). Workspace: none. Barriers: two for every TILE_K channels of a tap.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

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
  let at = places_of(vec4(first_column + thread % TILE_N));
  let plane = (at.n.x * conv.C + group * Cg) * conv.H;
  let h0 = i32(at.p.x * conv.stride_h) - i32(conv.pad_top);
  let v0 = i32(at.q.x * conv.stride_w) - i32(conv.pad_left);

  var sum = Unit();
  for (var tap = 0u; tap < taps; tap++) {
    let h = h0 + i32(tap / conv.S * conv.dilation_h);
    let v = v0 + i32(tap % conv.S * conv.dilation_w);
    let inside = h >= 0 && h < i32(conv.H) && v >= 0 && v < i32(conv.W);
    let from_x = (plane + u32(h)) * conv.W + u32(v);
    for (var c0 = 0u; c0 < Cg; c0 += TILE_K) {
      for (var i = thread; i < TILE_M * TILE_K; i += THREADS) {
        let c = c0 + i % TILE_K;
        let element = w[((group * Kg + k0 + i / TILE_K) * Cg + c) * taps + tap];
        a_tile[i % TILE_K * TILE_M + i / TILE_K] = select(Acc(0), Acc(element), c < Cg);
      }
      for (var i = thread; i < TILE_N * TILE_K; i += THREADS) {
        let c = c0 + i / TILE_N;
        b_tile[i] = select(Acc(0), Acc(x[from_x + c * conv.H * conv.W]), inside && c < Cg);
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
