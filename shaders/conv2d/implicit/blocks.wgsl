// The product of IMPLICIT_GEMM and IMPLICIT_PRECOMP_GEMM by blocks in registers.
//
// Idea: each invocation keeps a block of ROWS filters and 8 pixels. For each tap it finds out once where its eight
// pixels read x; then it walks over the channels, where only the plane changes. No barriers, no workgroup memory.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes read: 4 for every ROWS multiplications (x) and for every 8
// (filters, mostly from the cache or by a broadcast).
// Where filters lie and where a tap reads, the algorithm's own file says; which pixel a column is, and what is stored
// of it, columns/. Rows beyond the group's last read whatever filters come next and are never stored.

// An invocation's columns lie so far apart.
const SPREAD = GROUP;

// Where one step (a tap of a channel) reads: the first row's filter element, and the channel's plane.
struct Step { w: u32, plane: u32, lane: u32 }

// Four pixels under one tap: where they read the first channel, and whether that is inside.
struct Taps { at: vec4<u32>, inside: vec4<bool> }

fn b_four(step: Step, taps: Taps) -> Four {
  let at = taps.at + step.plane;
  return select(Four(), Four(Acc(x[at.x]), Acc(x[at.y]), Acc(x[at.z]), Acc(x[at.w])), taps.inside);
}

fn run(tile: u32, thread: u32, lane: u32) {
  let Kg = conv.K / conv.groups;
  let tiles_k = (Kg + ROWS - 1) / ROWS;
  let k = tile % tiles_k * ROWS;
  let group = tile / tiles_k % conv.groups;
  let column = tile / (tiles_k * conv.groups) * GROUP * 8 + thread;
  let lo = pixels_at(column + vec4(0, 1, 2, 3) * SPREAD, group);
  let hi = pixels_at(column + vec4(4, 5, 6, 7) * SPREAD, group);

  let next = next_channel();
  var sum = Block();
  for (var tap = 0u; tap < conv.R * conv.S; tap++) {
    let lo_taps = taps_of(lo, tap);
    let hi_taps = taps_of(hi, tap);
    var step = Step(first_filter(group, k, tap), 0, lane);
    for (var c = 0u; c < conv.C / conv.groups; c++) {
      sum = add_step(sum, step, Eight(b_four(step, lo_taps), b_four(step, hi_taps)));
      step.w += next;
      step.plane += conv.H * conv.W;
    }
  }

  var sums = sums_of(sum);
  for (var i = 0u; i < STORES * min(ROWS, Kg - k); i++) { put(&sums, i, group * Kg + k, column); }
}
