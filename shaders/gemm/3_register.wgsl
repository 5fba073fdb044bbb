// REGISTER: each invocation keeps a ROWS×8 block of c in registers; no barriers, no workgroup memory.
//
// Idea: a step of k reads ROWS elements of a and 8 of b for 8·ROWS multiplications. Invocations of a workgroup stand
// side by side along n: they share the rows of a and read adjacent columns of b. Software adapters run this best, where
// a barrier costs more than a cache hit.
// Operations: 2·M·N·K. Bytes read: 4·M·N·K·(1/8 + 1/ROWS), the second part mostly from the cache or by a broadcast
// (block/each.wgsl, block/subgroup.wgsl). Workspace: none.
// What lies beyond the edge of a or b is read as it comes (WebGPU keeps reads in bounds) and never stored.
@group(0) @binding(0) var<storage, read> a: array<Elem>;
@group(0) @binding(1) var<storage, read> b: array<Elem>;
@group(0) @binding(2) var<storage, read_write> c: array<Out>;
@group(0) @binding(3) var<uniform> gemm: Gemm;

// Where one step of k reads.
struct Step { a: u32, b: u32, lane: u32 }

fn a_element(step: Step, row: u32) -> Acc { return Acc(a[step.a + row * gemm.a_row]); }

fn b_columns(at: u32) -> Eight {
  let next = GROUP * gemm.b_column;
  return Eight(
    Four(Acc(b[at]), Acc(b[at + next]), Acc(b[at + 2 * next]), Acc(b[at + 3 * next])),
    Four(Acc(b[at + 4 * next]), Acc(b[at + 5 * next]), Acc(b[at + 6 * next]), Acc(b[at + 7 * next])),
  );
}

fn run(tile: u32, thread: u32, lane: u32) {
  let tiles_m = (gemm.M + ROWS - 1) / ROWS;
  let tiles_n = (gemm.N + GROUP * 8 - 1) / (GROUP * 8);
  let batch = tile / (tiles_m * tiles_n);
  let at = product(gemm, batch);
  let m = tile % tiles_m * ROWS;
  let n = tile / tiles_m % tiles_n * GROUP * 8 + thread;

  var sum = Block();
  var step = Step(at.a + m * gemm.a_row, at.b + n * gemm.b_column, lane);
  for (var k = 0u; k < gemm.K; k++) {
    sum = add_step(sum, step, b_columns(step.b));
    step.a += gemm.a_column;
    step.b += gemm.b_row;
  }
  if (batch >= gemm.outer * gemm.inner) { return; }
  var sums = sums_of(sum);
  for (var i = 0u; i < 8 * min(ROWS, gemm.M - m); i++) {
    put(sums[i / 64][i / 4 % 16][i % 4], at, m + i / 8, n + i % 8 * GROUP);
  }
}

fn put(sum: Acc, at: Product, m: u32, n: u32) {
  if (n >= gemm.N) { return; }
  let to = at.c + m * gemm.c_row + n;
  c[to] = Out(epilogue(sum, to, channel(gemm, at.inner, m, n)));
}
