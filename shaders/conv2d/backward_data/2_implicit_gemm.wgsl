// BACKWARD DATA, ALGO_1: the gather as a matrix product whose matrices are never written.
//
// Idea: dx is a matrix of C/groups rows and N·H·W columns (pixels of all images); a ROWS×8 block of it lives in an
// invocation's registers. With a stride, a tap meets only the pixels that leave one remainder when divided by it. So
// the pixels are taken in stride_h·stride_w phases, one remainder each, and a workgroup, which stays in one phase,
// passes over the taps that are not of its phase: no multiplication is by a zero between two outputs. For each tap that
// is left it works out once which output each of its eight pixels fed; then it walks over the filters.
// Operations: 2·N·C·H·W·(K/groups)·R·S / (stride_h·stride_w). Bytes read: 4 for every ROWS multiplications (dy) and for
// every 8 (w). Workspace: none.
@group(0) @binding(0) var<storage, read> dy: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> dx: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

// Where one step (a tap of a filter) reads: the first row's filter element, and the filter's plane of dy.
struct Step { w: u32, plane: u32, lane: u32 }

fn a_element(step: Step, row: u32) -> Acc { return Acc(w[step.w + row * conv.R * conv.S]); }

// Four pixels under one tap: where they read the first filter's plane, and whether they fed an output at all.
struct Taps { at: vec4<u32>, inside: vec4<bool> }

// Tap (r, s) is of the pixels' phase, so the divisions leave no remainder.
fn taps_of(pixels: Pixels, group: u32, r: u32, s: u32) -> Taps {
  // A tap beyond the first output gives a huge number here, which is no output either.
  let p = (pixels.h + conv.pad_top - r * conv.dilation_h) / conv.stride_h;
  let q = (pixels.v + conv.pad_left - s * conv.dilation_w) / conv.stride_w;
  let plane = pixels.n * conv.K + group * (conv.K / conv.groups);
  return Taps((plane * conv.P + p) * conv.Q + q, (p < vec4(conv.P)) & (q < vec4(conv.Q)));
}

fn b_four(step: Step, taps: Taps) -> Four {
  let at = taps.at + step.plane;
  return select(Four(), Four(Acc(dy[at.x]), Acc(dy[at.y]), Acc(dy[at.z]), Acc(dy[at.w])), taps.inside);
}

fn run(tile: u32, thread: u32, lane: u32) {
  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let tiles_c = (Cg + ROWS - 1) / ROWS;
  let c = tile % tiles_c * ROWS;
  let group = tile / tiles_c % conv.groups;
  let phase = phase_of(tile / (tiles_c * conv.groups));
  let pixel = tile / (tiles_c * conv.groups * conv.stride_h * conv.stride_w) * GROUP * 8 + thread;
  let lo = pixels_from(pixel + vec4(0, 1, 2, 3) * GROUP, phase);
  let hi = pixels_from(pixel + vec4(4, 5, 6, 7) * GROUP, phase);

  var sum = Block();
  for (var r = 0u; r < conv.R; r++) {
    if (!row_meets(phase, r)) { continue; }
    for (var s = 0u; s < conv.S; s++) {
      if (!column_meets(phase, s)) { continue; }
      let lo_taps = taps_of(lo, group, r, s);
      let hi_taps = taps_of(hi, group, r, s);
      var step = Step(((group * Kg * Cg + c) * conv.R + r) * conv.S + s, 0, lane);
      for (var k = 0u; k < Kg; k++) {
        sum = add_step(sum, step, Eight(b_four(step, lo_taps), b_four(step, hi_taps)));
        step.w += Cg * conv.R * conv.S;
        step.plane += conv.P * conv.Q;
      }
    }
  }

  var sums = sums_of(sum);
  for (var i = 0u; i < 8 * min(ROWS, Cg - c); i++) {
    put(sums[i / 64][i / 4 % 16][i % 4], group * Cg + c + i / 8, pixels_from(vec4(pixel + i % 8 * GROUP), phase));
  }
}
