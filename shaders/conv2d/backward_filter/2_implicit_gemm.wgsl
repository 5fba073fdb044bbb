// BACKWARD FILTER: dw as a matrix product of dy with the matrix of columns, which is never written.
//
// Idea: dw is a matrix of K/groups rows and (C/groups)·R·S columns, small, while the sum over the pixels is long. So
// the pixels are split by rows of the output, and each split is summed side by side with the others (a ROWS×8 block of
// dw in an invocation's registers), and deliver() says how a split's sum joins the rest.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes read: 4 for every ROWS multiplications (x) and for every 8 (dy, mostly
// from the cache or by a broadcast).
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> dy: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;
@group(0) @binding(4) var<uniform> splitting: Splits;

struct Splits { count: u32 }

// Where one step (a pixel) reads dy for the first row.
struct Step { y: u32, lane: u32 }

fn a_element(step: Step, row: u32) -> Acc { return Acc(dy[step.y + row * conv.P * conv.Q]); }

// Four columns of dw: their channel's plane of the first image, and where their tap stands at output (0, 0).
struct Columns { plane: vec4<u32>, h: vec4<i32>, v: vec4<i32> }

fn columns_from(first: vec4<u32>, group: u32) -> Columns {
  let taps = conv.R * conv.S;
  return Columns(
    group * (conv.C / conv.groups) + first / taps,
    vec4<i32>(first / conv.S % conv.R * conv.dilation_h) - i32(conv.pad_top),
    vec4<i32>(first % conv.S * conv.dilation_w) - i32(conv.pad_left),
  );
}

// One row of output pixels under four columns: where the row of x begins, and whether it is inside.
struct Rows { at: vec4<i32>, inside: vec4<bool> }

fn rows_of(columns: Columns, n: u32, p: u32) -> Rows {
  let h = columns.h + i32(p * conv.stride_h);
  let at = (vec4<i32>((columns.plane + n * conv.C) * conv.H) + h) * i32(conv.W) + columns.v;
  return Rows(at, (h >= vec4(0)) & (h < vec4(i32(conv.H))));
}

fn b_four(columns: Columns, rows: Rows, shift: i32) -> Four {
  let at = rows.at + shift;
  let v = columns.v + shift;
  let inside = rows.inside & (v >= vec4(0)) & (v < vec4(i32(conv.W)));
  return select(Four(), Four(Acc(x[at.x]), Acc(x[at.y]), Acc(x[at.z]), Acc(x[at.w])), inside);
}

fn run(tile: u32, thread: u32, lane: u32) {
  let Kg = conv.K / conv.groups;
  let width = conv.C / conv.groups * conv.R * conv.S;
  let tiles_k = (Kg + ROWS - 1) / ROWS;
  let tiles_n = (width + GROUP * 8 - 1) / (GROUP * 8);
  let k = tile % tiles_k * ROWS;
  let column = tile / tiles_k % tiles_n * GROUP * 8 + thread;
  let group = tile / (tiles_k * tiles_n) % conv.groups;
  let split = tile / (tiles_k * tiles_n * conv.groups);
  let lo = columns_from(column + vec4(0, 1, 2, 3) * GROUP, group);
  let hi = columns_from(column + vec4(4, 5, 6, 7) * GROUP, group);

  var sum = Block();
  let rows = (conv.N * conv.P + splitting.count - 1) / splitting.count;
  for (var row = split * rows; row < min((split + 1) * rows, conv.N * conv.P); row++) {
    let n = row / conv.P;
    let p = row % conv.P;
    let lo_rows = rows_of(lo, n, p);
    let hi_rows = rows_of(hi, n, p);
    var step = Step(((n * conv.K + group * Kg + k) * conv.P + p) * conv.Q, lane);
    for (var q = 0u; q < conv.Q; q++) {
      let shift = i32(q * conv.stride_w);
      sum = add_step(sum, step, Eight(b_four(lo, lo_rows, shift), b_four(hi, hi_rows, shift)));
      step.y++;
    }
  }

  if (split >= splitting.count) { return; }
  var block = sums_of(sum);
  for (var i = 0u; i < 8 * min(ROWS, Kg - k); i++) {
    let at = column + i % 8 * GROUP;
    if (at < width) { deliver(block[i / 64][i / 4 % 16][i % 4], (group * Kg + k + i / 8) * width + at, split); }
  }
}
