// IMPLICIT_PRECOMP_GEMM, third of three kernels: the product of IMPLICIT_GEMM with its indices and its filters prepared.
//
// Idea: as 3_implicit_gemm.wgsl, a ROWS×8 block an invocation and the channels innermost, but the coordinates under a tap
// come from the table (one load instead of the arithmetic), and neighbouring filters are neighbours in memory.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes read: 4 for every ROWS multiplications (x), 4 for every 8 (filters, from the
// cache or by a broadcast), and the table once for every ROWS filters. Workspace: table and filters, 4·R·S·(P·Q + C·K/groups).
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> table: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

// An invocation's columns lie so far apart; columns/ says which pixels they are.
const SPREAD = GROUP;

// Where one step (a tap of a channel) reads: the first row's filter element, and the channel's plane.
struct Step { w: u32, plane: u32, lane: u32 }

// Four pixels under one tap: where they read the first channel, and whether that is inside.
struct Taps { at: vec4<u32>, inside: vec4<bool> }

// Four pixels of the output: their image's first plane of the group, as an offset in x, and their place in the table.
struct Pixels { plane: vec4<u32>, entry: vec4<u32> }

fn pixels_at(column: vec4<u32>, group: u32) -> Pixels {
  let at = places_of(column);
  return Pixels((at.n * conv.C + group * (conv.C / conv.groups)) * conv.H * conv.W, at.p * conv.Q + at.q);
}

fn taps_of(pixels: Pixels, tap: u32) -> Taps {
  let entry = pixels.entry + tap * conv.P * conv.Q;
  let at = vec4(table[entry.x], table[entry.y], table[entry.z], table[entry.w]);
  return Taps(pixels.plane + at, at != vec4(OUTSIDE));
}

fn b_four(step: Step, taps: Taps) -> Four {
  let at = taps.at + step.plane;
  return select(Four(), Four(Acc(x[at.x]), Acc(x[at.y]), Acc(x[at.z]), Acc(x[at.w])), taps.inside);
}

fn run(tile: u32, thread: u32, lane: u32) {
  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let tiles_k = (Kg + ROWS - 1) / ROWS;
  let k = tile % tiles_k * ROWS;
  let group = tile / tiles_k % conv.groups;
  let column = tile / (tiles_k * conv.groups) * GROUP * 8 + thread;
  let lo = pixels_at(column + vec4(0, 1, 2, 3) * SPREAD, group);
  let hi = pixels_at(column + vec4(4, 5, 6, 7) * SPREAD, group);

  var sum = Block();
  var step = Step(group * conv.R * conv.S * Cg * filled(Kg) + k, 0, lane);
  for (var tap = 0u; tap < conv.R * conv.S; tap++) {
    let lo_taps = taps_of(lo, tap);
    let hi_taps = taps_of(hi, tap);
    step.plane = 0;
    for (var c = 0u; c < Cg; c++) {
      sum = add_step(sum, step, Eight(b_four(step, lo_taps), b_four(step, hi_taps)));
      step.w += filled(Kg);
      step.plane += conv.H * conv.W;
    }
  }

  var sums = sums_of(sum);
  for (var i = 0u; i < STORES * min(ROWS, Kg - k); i++) { put(&sums, i, group * Kg + k, column); }
}
