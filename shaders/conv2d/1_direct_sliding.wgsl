// DIRECT, sliding window: eight neighbouring outputs of a row share the elements of x that pass under the filter.
//
// Idea: for stride 1, output q under tap s reads the same element as output q+1 under tap s-1. So an invocation holds the
// eight elements under its eight outputs, and to go to the next tap it shifts them by one and loads a single new one:
// 7+S loads serve 8·S·ROWS multiplications, where IMPLICIT_GEMM needs 8·S.
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

// The element at column v of a row of x; zero on padding.
fn element(row: i32, v: i32, row_inside: bool) -> Acc {
  return select(Acc(0), Acc(x[row + v]), row_inside & (v >= 0) & (v < i32(conv.W)));
}

fn run(tile: u32, thread: u32, lane: u32) {
  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let tiles_k = (Kg + ROWS - 1) / ROWS;
  let k = tile % tiles_k * ROWS;
  let group = tile / tiles_k % conv.groups;
  let strips = (conv.Q + 7) / 8;
  let strip = tile / (tiles_k * conv.groups) * GROUP + thread;
  let q = strip % strips * 8;
  let p = strip / strips % conv.P;
  let n = strip / (strips * conv.P);
  let h0 = i32(p * conv.stride_h) - i32(conv.pad_top);
  let v0 = i32(q) - i32(conv.pad_left);

  // One loop over all taps and not three within each other: at the edges of a loop some compilers copy all sums.
  var sum = Block();
  var step = Step((group * Kg + k) * Cg * conv.R * conv.S, lane);
  var window = Eight();
  var row = 0;
  var inside = false;
  var line = 0u;
  var s = conv.S;
  for (var left = Cg * conv.R * conv.S; left > 0u; left--) {
    if (s == conv.S) {
      s = 0u;
      let h = h0 + i32(line % conv.R * conv.dilation_h);
      inside = (h >= 0) & (h < i32(conv.H));
      row = (i32((n * conv.C + group * Cg + line / conv.R) * conv.H) + h) * i32(conv.W);
      line++;
      window = Eight(
        Four(element(row, v0, inside), element(row, v0 + 1, inside), element(row, v0 + 2, inside), element(row, v0 + 3, inside)),
        Four(element(row, v0 + 4, inside), element(row, v0 + 5, inside), element(row, v0 + 6, inside), element(row, v0 + 7, inside)),
      );
    } else {
      window = Eight(Four(window.lo.yzw, window.hi.x), Four(window.hi.yzw, element(row, v0 + 7 + i32(s), inside)));
    }
    sum = add_step(sum, step, window);
    step.w++;
    s++;
  }

  if (n >= conv.N) { return; }
  var sums = sums_of(sum);
  for (var i = 0u; i < 8 * min(ROWS, Kg - k); i++) {
    put(sums[i / 64][i / 4 % 16][i % 4], n, group * Kg + k + i / 8, p, q + i % 8);
  }
}

fn put(sum: Acc, n: u32, k: u32, p: u32, q: u32) {
  if (q >= conv.Q) { return; }
  let to = ((n * conv.K + k) * conv.P + p) * conv.Q + q;
  y[to] = Elem(epilogue(sum, to, k));
}
