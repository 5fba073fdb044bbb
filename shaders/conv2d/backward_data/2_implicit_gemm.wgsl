// BACKWARD DATA, ALGO_1: the gather as a matrix product whose matrices are never written.
//
// Idea: dx is a matrix of C/groups rows and N·H·W columns (pixels of all images); a ROWS×8 block of it lives in an
// invocation's registers. For each tap (r, s) it works out once which output each of its eight pixels fed (none, where the
// division by the stride leaves a remainder or the place is outside); then it walks over the filters.
// Operations: 2·N·C·H·W·(K/groups)·R·S, of which a stride wastes all but one in stride_h·stride_w. Bytes read: 4 for every
// ROWS multiplications (dy) and for every 8 (w). Workspace: none.
@group(0) @binding(0) var<storage, read> dy: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> dx: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

// Where one step (a tap of a filter) reads: the first row's filter element, and the filter's plane of dy.
struct Step { w: u32, plane: u32, lane: u32 }

fn a_element(step: Step, row: u32) -> Acc { return Acc(w[step.w + row * conv.R * conv.S]); }

// Four pixels under one tap: where they read the first filter's plane, and whether they fed an output at all.
struct Taps { at: vec4<u32>, inside: vec4<bool> }

// Four pixels of the input: their image's first plane of the group in dy, and their place counted from the padding's edge.
struct Pixels { plane: vec4<u32>, h: vec4<u32>, v: vec4<u32> }

fn pixels_from(first: vec4<u32>, group: u32) -> Pixels {
  return Pixels(
    first / (conv.H * conv.W) * conv.K + group * (conv.K / conv.groups),
    first / conv.W % conv.H + conv.pad_top,
    first % conv.W + conv.pad_left,
  );
}

fn taps_of(pixels: Pixels, r: u32, s: u32) -> Taps {
  // A tap beyond the first output gives a huge number here, which is no output either.
  let h = pixels.h - r * conv.dilation_h;
  let v = pixels.v - s * conv.dilation_w;
  let p = h / conv.stride_h;
  let q = v / conv.stride_w;
  let inside = (p * conv.stride_h == h) & (q * conv.stride_w == v) & (p < vec4(conv.P)) & (q < vec4(conv.Q));
  return Taps((pixels.plane * conv.P + p) * conv.Q + q, inside);
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
  let pixel = tile / (tiles_c * conv.groups) * GROUP * 8 + thread;
  let lo = pixels_from(pixel + vec4(0, 1, 2, 3) * GROUP, group);
  let hi = pixels_from(pixel + vec4(4, 5, 6, 7) * GROUP, group);

  var sum = Block();
  for (var r = 0u; r < conv.R; r++) {
    for (var s = 0u; s < conv.S; s++) {
      let lo_taps = taps_of(lo, r, s);
      let hi_taps = taps_of(hi, r, s);
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
    put(sums[i / 64][i / 4 % 16][i % 4], group * Cg + c + i / 8, pixel + i % 8 * GROUP);
  }
}

fn put(sum: Acc, c: u32, pixel: u32) {
  if (pixel >= conv.N * conv.H * conv.W) { return; }
  let plane = conv.H * conv.W;
  dx[(pixel / plane * conv.C + c) * plane + pixel % plane] = Elem(sum);
}
