// DIRECT, sliding window, with a 2×2 max pool: an invocation makes 2×4 outputs of ROWS channels, two windows of each.
//
// Idea: as 1_direct_sliding.wgsl, but the eight outputs lie in two rows of four, so that no window is cut: under each tap
// both rows of x shift by one and load a single new element each. 2·(3+S) loads serve 8·S·ROWS multiplications.
// Operations: 2·N·K·(C/groups)·R·S for each of the 4·⌊P/2⌋·⌊Q/2⌋ outputs under windows. Bytes read: about 4·(1/4 + 3/(4·S))/ROWS for
// each multiplication from x, 4/8 from w (mostly from the cache or by a broadcast); written: 1 an output. Workspace: none.
// Needs stride 1 and dilation 1 along the width.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

struct Step { w: u32, lane: u32 }

fn a_element(step: Step, row: u32) -> Acc {
  return Acc(w[step.w + row * (conv.C / conv.groups * conv.R * conv.S)]);
}

// The element at column v of a row of x; zero on padding. & and not &&: whether a row is inside stays the same along it, and
// a compiler that splits a loop by the branches of && would double it for each of the two rows.
fn element(row: i32, v: i32, row_inside: bool) -> Acc {
  return select(Acc(0), Acc(x[row + v]), row_inside & (v >= 0) & (v < i32(conv.W)));
}

fn four_from(row: i32, v: i32, row_inside: bool) -> Four {
  return Four(element(row, v, row_inside), element(row, v + 1, row_inside), element(row, v + 2, row_inside), element(row, v + 3, row_inside));
}

fn run(tile: u32, thread: u32, lane: u32) {
  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let tiles_k = (Kg + ROWS - 1) / ROWS;
  let k = tile % tiles_k * ROWS;
  let group = tile / tiles_k % conv.groups;
  let strips = (conv.Q / 2 + 1) / 2;
  let strip = tile / (tiles_k * conv.groups) * GROUP + thread;
  let q = strip % strips * 4;
  let p = strip / strips % (conv.P / 2) * 2;
  let n = strip / (strips * (conv.P / 2));
  let h0 = i32(p * conv.stride_h) - i32(conv.pad_top);
  let v0 = i32(q) - i32(conv.pad_left);

  var sum = Block();
  for (var c = 0u; c < Cg; c++) {
    let plane = i32((n * conv.C + group * Cg + c) * conv.H);
    for (var r = 0u; r < conv.R; r++) {
      let h = h0 + i32(r * conv.dilation_h);
      let below = h + i32(conv.stride_h);
      let upper_inside = h >= 0 && h < i32(conv.H);
      let lower_inside = below >= 0 && below < i32(conv.H);
      let upper = (plane + h) * i32(conv.W);
      let lower = (plane + below) * i32(conv.W);
      var window = Eight(four_from(upper, v0, upper_inside), four_from(lower, v0, lower_inside));
      var step = Step(((group * Kg + k) * Cg + c) * conv.R * conv.S + r * conv.S, lane);
      for (var s = 0u; s < conv.S; s++) {
        sum = add_step(sum, step, window);
        step.w++;
        let next = v0 + 4 + i32(s);
        window = Eight(Four(window.lo.yzw, element(upper, next, upper_inside)), Four(window.hi.yzw, element(lower, next, lower_inside)));
      }
    }
  }

  if (n >= conv.N) { return; }
  var sums = sums_of(sum);
  for (var i = 0u; i < 2 * min(ROWS, Kg - k); i++) {
    let upper = sums[i / 16][i / 2 % 8 * 2];
    let lower = sums[i / 16][i / 2 % 8 * 2 + 1];
    let column = i % 2 * 2;
    put(vec4(upper[column], upper[column + 1], lower[column], lower[column + 1]), n, group * Kg + k + i / 2, p, q + column);
  }
}

fn put(sums: vec4<Acc>, n: u32, k: u32, p: u32, q: u32) {
  if (q + 1 >= conv.Q) { return; }
  let plane = n * conv.K + k;
  y[(plane * (conv.P / 2) + p / 2) * (conv.Q / 2) + q / 2] = Elem(largest(sums, (plane * conv.P + p) * conv.Q + q, conv.Q, k));
}
