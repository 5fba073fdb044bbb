// DIRECT, depthwise, walking: an invocation walks down ROWS rows of a strip of eight outputs, one channel a group.
//
// Idea: outputs below one another read mostly the same rows of x. So the FILTER_H rows under a row of outputs stay in
// registers, and a step down reads the one row that comes new (two with stride 2) where the other kernels read all of
// them; the filter is read once for the whole walk.
// Operations: 2·N·K·P·Q·R·S. Elements read: (stride·ROWS + R − stride)·(8·stride + S − stride)/(8·ROWS) an output, and
// R·S/(8·ROWS) of w, by fours where rows begin at multiples of four (walk/by_four.wgsl). Workspace: none. Barriers:
// none. Needs dilation 1, stride 1 or 2, filters of at most 5×5. What lies in a row and under a tap, the stride's file
// in walk/ says. With stride 1 it makes the gradient by x too: that is a convolution of dy with the filters TURNED by
// 180°.
@group(0) @binding(0) var<storage, read> x: array<Packed>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Packed>;
@group(0) @binding(3) var<uniform> conv: Conv;

// The rows of x under a row of outputs, the lowest first. Of a filter with fewer rows the last ones are not used.
struct Window { a: Row, b: Row, c: Row, d: Row, e: Row }

// A row of taps, and all of them, the lowest row first.
struct Taps { t0: Acc, t1: Acc, t2: Acc, t3: Acc, t4: Acc }
struct Filter { a: Taps, b: Taps, c: Taps, d: Taps, e: Taps }

fn tap(k: u32, r: u32, s: u32) -> Acc {
  if (s >= FILTER_W) { return Acc(0); }
  let place = r * FILTER_W + s;
  return Acc(w[k * FILTER_H * FILTER_W + select(place, FILTER_H * FILTER_W - 1 - place, TURNED)]);
}

// Row number i from below.
fn taps(k: u32, i: u32) -> Taps {
  if (i >= FILTER_H) { return Taps(); }
  let r = FILTER_H - 1 - i;
  return Taps(tap(k, r, 0), tap(k, r, 1), tap(k, r, 2), tap(k, r, 3), tap(k, r, 4));
}

fn add_tap(sum: Eight, tap: Acc, elements: Eight) -> Eight { return Eight(sum.lo + tap * elements.lo, sum.hi + tap * elements.hi); }

fn add_row(sum: Eight, row: Row, t: Taps) -> Eight {
  var added = add_tap(sum, t.t0, under(row, 0 - PAD));
  if (FILTER_W > 1) { added = add_tap(added, t.t1, under(row, 1 - PAD)); }
  if (FILTER_W > 2) { added = add_tap(added, t.t2, under(row, 2 - PAD)); }
  if (FILTER_W > 3) { added = add_tap(added, t.t3, under(row, 3 - PAD)); }
  if (FILTER_W > 4) { added = add_tap(added, t.t4, under(row, 4 - PAD)); }
  return added;
}

fn sum_of(window: Window, filter_of_k: Filter) -> Eight {
  var sum = Eight();
  if (FILTER_H > 4) { sum = add_row(sum, window.e, filter_of_k.e); }
  if (FILTER_H > 3) { sum = add_row(sum, window.d, filter_of_k.d); }
  if (FILTER_H > 2) { sum = add_row(sum, window.c, filter_of_k.c); }
  if (FILTER_H > 1) { sum = add_row(sum, window.b, filter_of_k.b); }
  return add_row(sum, window.a, filter_of_k.a);
}

// Stores four outputs of a row.
fn put(sums: Four, row: u32, q: u32, k: u32) {
  if (q >= conv.Q) { return; }
  let at = row * conv.Q + q;
  store(at, conv.Q - q, Four(epilogue(sums.x, at, k), epilogue(sums.y, at + 1, k), epilogue(sums.z, at + 2, k), epilogue(sums.w, at + 3, k)));
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let number = linear_invocation(gid, groups, GROUP);
  let strips = (conv.Q + 7) / 8;
  let walks = (conv.P + ROWS - 1) / ROWS;
  let plane_y = number / (strips * walks);
  if (plane_y >= conv.N * conv.K) { return; }
  let k = plane_y % conv.K;
  let plane_x = plane_y / (conv.K / conv.C);
  let q = number % strips * 8;
  let first = number / strips % walks * ROWS;

  let filter_of_k = Filter(taps(k, 0), taps(k, 1), taps(k, 2), taps(k, 3), taps(k, 4));
  var window = Window();
  // Loops whose ends are not constants: unrolled, they would run no faster and take a driver's compiler twice as long.
  var h = i32(first * STRIDE) - i32(conv.pad_top);
  for (var i = conv.stride_h; i < conv.R; i++) {
    window = Window(row_at(plane_x, h, q), window.a, window.b, window.c, window.d);
    h++;
  }
  for (var p = first; p < min(first + ROWS, conv.P); p++) {
    for (var i = 0u; i < conv.stride_h; i++) {
      window = Window(row_at(plane_x, h, q), window.a, window.b, window.c, window.d);
      h++;
    }
    let sum = sum_of(window, filter_of_k);
    put(sum.lo, plane_y * conv.P + p, q, k);
    put(sum.hi, plane_y * conv.P + p, q + 4, k);
  }
}
