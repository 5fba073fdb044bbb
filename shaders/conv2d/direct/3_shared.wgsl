// DIRECT with workgroup memory: tiles of outputs over a patch of x.
//
// Idea: a workgroup makes TILE_P×TILE_Q outputs of 8·THREADS_M filters, and each invocation eight outputs of eight
// filters in its registers. Under the tile lies a patch of x, which overlaps itself from tap to tap: it is brought into
// workgroup memory once for all R·S taps (patches/patch.wgsl), where the tiles of IMPLICIT_GEMM are brought anew for
// every tap. The filters' taps in the patch's channels lie beside it, so one pair of barriers serves all taps of PLANES
// channels.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes read from buffers: 4·PATCH_H·PATCH_W/(TILE_P·TILE_Q·R·S) for every
// 8·THREADS_M multiplications (x) and 4 for every TILE_P·TILE_Q (w); from workgroup memory: 4·(1/8 + 1/8) a
// multiplication. Workspace: none.
// Barriers: two for every PLANES channels. Any stride and dilation whose patch fits.
// Source: V. Podlozhnyuk, "Image Convolution with CUDA", 2007: a tile and its apron in shared memory, there for one
// image.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

const FILTERS = 8 * THREADS_M;

// TILE_K steps, PLANES·TAPS of them, each a tap of a channel with the filters side by side.
var<workgroup> w_tile: array<Acc, FILTERS * TILE_K>;

alias Sums = array<Four, 16>;

// A patch's planes are channels, one after the other.
fn plane_of(first: u32, i: u32) -> u32 { return first + i; }

// Neighbouring invocations fetch neighbouring taps. Beyond the last filter stands whatever comes next; it is never
// stored.
fn fetch_filters(first: u32, channels: u32, thread: u32) {
  let next_filter = conv.C / conv.groups * TAPS;
  for (var i = thread; i < FILTERS * TILE_K; i += THREADS) {
    let step = i % TILE_K;
    let element = w[first + i / TILE_K * next_filter + step];
    w_tile[step * FILTERS + i / TILE_K] = select(Acc(0), Acc(element), step < channels * TAPS);
  }
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let number = wid.y * groups.x + wid.x;
  let tiles_k = (Kg + FILTERS - 1) / FILTERS;
  let k0 = number % tiles_k * FILTERS;
  let group = number / tiles_k % conv.groups;
  let tile = tile_at(number / (tiles_k * conv.groups));
  let row = thread / THREADS_N * 8;
  let lane = thread % THREADS_N;
  let corners = corners_of(lane);

  var sum = Unit();
  for (var c = 0u; c < Cg; c += PLANES) {
    fetch_patch(tile, tile.n * conv.C + group * Cg + c, Cg - c, thread);
    fetch_filters(((group * Kg + k0) * Cg + c) * TAPS, Cg - c, thread);
    workgroupBarrier();
    var m = row;
    for (var plane = 0u; plane < PLANES; plane++) {
      for (var r = 0u; r < conv.R; r++) {
        for (var s = 0u; s < conv.S; s++) {
          let taps = Eight(
            Four(w_tile[m], w_tile[m + 1], w_tile[m + 2], w_tile[m + 3]),
            Four(w_tile[m + 4], w_tile[m + 5], w_tile[m + 6], w_tile[m + 7]),
          );
          sum = multiply_add(sum, taps, under(corners, distance_of(plane, r, s)));
          m += FILTERS;
        }
      }
    }
    workgroupBarrier();
  }

  let k = k0 + row;
  let rows = min(8, Kg - min(k, Kg));
  var sums = fours_of(sum);
  for (var i = 0u; i < STORES * rows; i++) { put(&sums, i, group * Kg + k, tile, lane); }
}
