// The product of IMPLICIT_GEMM and IMPLICIT_PRECOMP_GEMM by tiles in workgroup memory.
//
// Idea: the tile of the matrix of columns is gathered from x straight into workgroup memory, TILE_K channels under one
// tap at a time. Each invocation fills one column of it, so it finds out its pixel's place once a tap, and neighbouring
// invocations read neighbouring elements of x. Filters are fetched by neighbours in whichever order they are neighbours
// in memory.
// Operations: 2·N·K·P·Q·(C/groups)·R·S; channels are filled up with zeros to a multiple of TILE_K. Bytes read from
// buffers: 4 for every TILE_M multiplications (x) and for every TILE_N (filters). Barriers: two for every TILE_K
// channels of a tap. Where filters lie and where a tap reads, the algorithm's own file says; which pixel a column is,
// and what is stored of it, columns/.

// An invocation's columns lie so far apart.
const SPREAD = THREADS_N;

// The channels of a step under its tap: where they begin in the filters and, at this invocation's pixel, in x; whether
// that is inside; and how many channels are left. How far apart filters and channels lie is the same for all steps, and
// worked out once.
struct Step { w: u32, next_filter: u32, next_channel: u32, x: u32, inside: bool, left: u32 }

// Four pixels under one tap: where they read the first channel, and whether that is inside.
struct Taps { at: vec4<u32>, inside: vec4<bool> }

fn fetch_a(step: Step, i: u32) {
  let row = select(i / TILE_K, i % TILE_M, FILTERS_ADJOIN);
  let c = select(i % TILE_K, i / TILE_M, FILTERS_ADJOIN);
  let element = filter_element(step.w + row * step.next_filter + c * step.next_channel);
  a_tile[c * TILE_M + row] = select(Acc(0), element, c < step.left);
}

fn fetch_b(step: Step, i: u32) {
  let c = i / TILE_N;
  b_tile[i] = select(Acc(0), Acc(x[step.x + c * conv.H * conv.W]), step.inside && c < step.left);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let tile = wid.y * groups.x + wid.x;
  let tiles_k = (Kg + TILE_M - 1) / TILE_M;
  let k0 = tile % tiles_k * TILE_M;
  let group = tile / tiles_k % conv.groups;
  let first_column = tile / (tiles_k * conv.groups) * TILE_N;

  // The column of the tile that this invocation fills (the first of the four); THREADS is a multiple of TILE_N.
  let own = pixels_at(vec4(first_column + thread % TILE_N), group);

  let next_filter = next_filter();
  let next_channel = next_channel();
  var sum = Unit();
  for (var tap = 0u; tap < conv.R * conv.S; tap++) {
    let taps = taps_of(own, tap);
    let first = first_filter(group, k0, tap);
    for (var c = 0u; c < Cg; c += TILE_K) {
      sum = add_step(sum, Step(first + c * next_channel, next_filter, next_channel, taps.at.x + c * conv.H * conv.W, taps.inside.x, Cg - c), thread);
    }
  }

  let k = k0 + thread / THREADS_N * 8;
  let rows = min(8, Kg - min(k, Kg));
  var sums = sums_of(sum);
  for (var i = 0u; i < STORES * rows; i++) { put(&sums, i, group * Kg + k, first_column + thread % THREADS_N); }
}
