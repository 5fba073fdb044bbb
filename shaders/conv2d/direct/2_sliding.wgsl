// DIRECT, sliding window: eight outputs side by side share the elements of x that pass under the filter.
//
// Idea: for stride 1, output q under tap s reads the same element as output q+1 under tap s-1. So an invocation holds
// the eight elements under its eight outputs, a strip, and to go to the next tap it shifts them by one and loads only
// what is new, where IMPLICIT_GEMM loads eight. It does so for ROWS filters at once. How the eight lie, and what is
// stored of them, strips/ says.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes read: about 4·(1/8 + 1/S)/ROWS for each multiplication from x, 4/8 from w
// (mostly from the cache or by a broadcast). Workspace: none.
// Needs stride 1 and dilation 1 along the width, and more than one column of taps.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

struct Step { w: u32, lane: u32 }

fn a_element(step: Step, row: u32) -> Acc {
  return Acc(w[step.w + row * (conv.C / conv.groups * conv.R * conv.S)]);
}

fn run(tile: u32, thread: u32, lane: u32) {
  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let tiles_k = (Kg + ROWS - 1) / ROWS;
  let k = tile % tiles_k * ROWS;
  let group = tile / tiles_k % conv.groups;
  let strip = strip_at(tile / (tiles_k * conv.groups) * GROUP + thread);

  // One loop over all taps and not three within each other: at the edges of a loop some compilers copy all sums.
  var sum = Block();
  var step = Step((group * Kg + k) * Cg * conv.R * conv.S, lane);
  var rows = Rows();
  var window = Eight();
  var line = 0u;
  var s = conv.S;
  for (var left = Cg * conv.R * conv.S; left > 0u; left--) {
    if (s == conv.S) {
      s = 0u;
      rows = rows_under(strip, strip.n * conv.C + group * Cg + line / conv.R, line % conv.R);
      window = window_of(strip, rows);
      line++;
    } else {
      window = slide(window, strip, rows, s);
    }
    sum = add_step(sum, step, window);
    step.w++;
    s++;
  }

  var sums = sums_of(sum);
  for (var i = 0u; i < STORES * min(ROWS, Kg - k); i++) { put(&sums, i, group * Kg + k, strip); }
}
