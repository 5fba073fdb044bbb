// BACKWARD FILTER, ALGO_3: as 2_implicit_gemm.wgsl, with the places in x read from an index table.
//
// Idea: an invocation's eight columns are eight channels under one tap, so one entry of the table (index_table.wgsl)
// serves them all: no coordinates and no tests of the edge in the inner loop, only a plane's offset for each channel.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes read: 4 for every ROWS multiplications (x), for every 8 (dy) and for
// every 8·ROWS (table). Workspace: the table, 4·R·S·P·Q, and float32 sums where dw is float16.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> dy: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;
@group(0) @binding(4) var<uniform> splitting: Splits;
@group(0) @binding(5) var<storage, read> table: array<u32>;

struct Splits { count: u32 }

struct Step { y: u32, lane: u32 }

fn a_element(step: Step, row: u32) -> Acc { return Acc(dy[step.y + row * conv.P * conv.Q]); }

fn b_four(at: vec4<u32>, inside: bool) -> Four {
  return select(Four(), Four(Acc(x[at.x]), Acc(x[at.y]), Acc(x[at.z]), Acc(x[at.w])), inside);
}

fn run(tile: u32, thread: u32, lane: u32) {
  let Kg = conv.K / conv.groups;
  let Cg = conv.C / conv.groups;
  let taps = conv.R * conv.S;
  let pixels = conv.P * conv.Q;
  let tiles_k = (Kg + ROWS - 1) / ROWS;
  let tiles_c = (Cg + GROUP * 8 - 1) / (GROUP * 8);
  let k = tile % tiles_k * ROWS;
  let c = tile / tiles_k % tiles_c * GROUP * 8 + thread;
  let tap = tile / (tiles_k * tiles_c) % taps;
  let group = tile / (tiles_k * tiles_c * taps) % conv.groups;
  let split = tile / (tiles_k * tiles_c * taps * conv.groups);
  let plane = conv.H * conv.W;
  let lo = (group * Cg + c + vec4(0, 1, 2, 3) * GROUP) * plane;
  let hi = (group * Cg + c + vec4(4, 5, 6, 7) * GROUP) * plane;

  var sum = Block();
  let share = (pixels + splitting.count - 1) / splitting.count;
  for (var n = 0u; n < conv.N; n++) {
    let image = n * conv.C * plane;
    var step = Step((n * conv.K + group * Kg + k) * pixels + split * share, lane);
    for (var pixel = split * share; pixel < min((split + 1) * share, pixels); pixel++) {
      let place = table[tap * pixels + pixel];
      let at = image + place;
      sum = add_step(sum, step, Eight(b_four(lo + at, place != OUTSIDE), b_four(hi + at, place != OUTSIDE)));
      step.y++;
    }
  }

  if (split >= splitting.count) { return; }
  var block = sums_of(sum);
  for (var i = 0u; i < 8 * min(ROWS, Kg - k); i++) {
    let channel = c + i % 8 * GROUP;
    if (channel < Cg) { deliver(block[i / 64][i / 4 % 16][i % 4], ((group * Kg + k + i / 8) * Cg + channel) * taps + tap, split); }
  }
}
