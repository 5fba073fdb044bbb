// IMPLICIT_GEMM: the matrix product of GEMM, without ever writing the matrix of columns.
//
// Idea: y is a matrix of K/groups rows and N·P·Q columns (pixels of all images), and each invocation keeps a ROWS×8 block
// of it in registers. For each tap (r, s) it works out once where its eight pixels read x, and which of them stand on
// padding; then it walks over the channels, where only the plane changes.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes read: 4 for every ROWS multiplications (x) and for every 8 (w, mostly from
// the cache or by a broadcast). Workspace: none.
// Source: Chetlur et al., "cuDNN: Efficient Primitives for Deep Learning", 2014 (arXiv 1410.0759), section 3.
// Rows beyond the group's last read the next filters and are never stored. Which pixel a column is, and what is stored of it,
// columns/ says.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

// An invocation's columns lie so far apart.
const SPREAD = GROUP;

// Where one step (a tap of a channel) reads: the first row's filter element, and the channel's plane.
struct Step { w: u32, plane: u32, lane: u32 }

fn a_element(step: Step, row: u32) -> Acc {
  return Acc(w[step.w + row * (conv.C / conv.groups * conv.R * conv.S)]);
}

// Four pixels under one tap: where they read the first channel, and whether that is inside.
struct Taps { at: vec4<u32>, inside: vec4<bool> }

// Four pixels of the output: their image's first plane of the group, and the input's place under tap (0, 0).
struct Pixels { plane: vec4<u32>, h: vec4<i32>, v: vec4<i32> }

fn pixels_at(column: vec4<u32>, group: u32) -> Pixels {
  let at = places_of(column);
  return Pixels(
    at.n * conv.C + group * (conv.C / conv.groups),
    vec4<i32>(at.p * conv.stride_h) - i32(conv.pad_top),
    vec4<i32>(at.q * conv.stride_w) - i32(conv.pad_left),
  );
}

fn taps_of(pixels: Pixels, r: u32, s: u32) -> Taps {
  let h = pixels.h + i32(r * conv.dilation_h);
  let v = pixels.v + i32(s * conv.dilation_w);
  let inside = (h >= vec4(0)) & (h < vec4(i32(conv.H))) & (v >= vec4(0)) & (v < vec4(i32(conv.W)));
  return Taps((pixels.plane * conv.H + vec4<u32>(h)) * conv.W + vec4<u32>(v), inside);
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
  for (var r = 0u; r < conv.R; r++) {
    for (var s = 0u; s < conv.S; s++) {
      let lo_taps = taps_of(lo, r, s);
      let hi_taps = taps_of(hi, r, s);
      var step = Step(((group * Kg + k) * Cg * conv.R + r) * conv.S + s, 0, lane);
      for (var c = 0u; c < Cg; c++) {
        sum = add_step(sum, step, Eight(b_four(step, lo_taps), b_four(step, hi_taps)));
        step.w += conv.R * conv.S;
        step.plane += conv.H * conv.W;
      }
    }
  }

  var sums = sums_of(sum);
  for (var i = 0u; i < STORES * min(ROWS, Kg - k); i++) { put(&sums, i, group * Kg + k, column); }
}
