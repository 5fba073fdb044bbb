// VEC4: the register block of 3_register.wgsl, with b read and c written four columns at a time.
//
// Idea: a 16-byte access (8 bytes in float16) costs about as much as a 4-byte one: one address, one check of the
// bounds, one request to the memory. It needs columns that are neighbours in memory, and rows that begin at a multiple
// of four.
// Operations: 2·M·N·K. Bytes read: as 3_register.wgsl, in a quarter of the requests for b. Workspace: none.
@group(0) @binding(0) var<storage, read> a: array<Elem>;
@group(0) @binding(1) var<storage, read> b: array<vec4<Elem>>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<Out>>;
@group(0) @binding(3) var<uniform> gemm: Gemm;

// Where one step of k reads: elements of a, fours of b.
struct Step { a: u32, b: u32, lane: u32 }

fn a_element(step: Step, row: u32) -> Acc { return Acc(a[step.a + row * gemm.a_row]); }

fn run(tile: u32, thread: u32, lane: u32) {
  let tiles_m = (gemm.M + ROWS - 1) / ROWS;
  let tiles_n = (gemm.N + GROUP * 8 - 1) / (GROUP * 8);
  let batch = tile / (tiles_m * tiles_n);
  let at = product(gemm, batch);
  let m = tile % tiles_m * ROWS;
  let n = tile / tiles_m % tiles_n * GROUP * 8 + thread * 4;

  var sum = Block();
  var step = Step(at.a + m * gemm.a_row, (at.b + n) / 4, lane);
  for (var k = 0u; k < gemm.K; k++) {
    sum = add_step(sum, step, Eight(Four(b[step.b]), Four(b[step.b + GROUP])));
    step.a += gemm.a_column;
    step.b += gemm.b_row / 4;
  }

  if (batch >= gemm.outer * gemm.inner) { return; }
  var sums = sums_of(sum);
  for (var i = 0u; i < 2 * min(ROWS, gemm.M - m); i++) {
    put(sums[i / 16][i % 16], at, m + i / 2, n + i % 2 * GROUP * 4);
  }
}

fn put(sum: Four, at: Product, m: u32, n: u32) {
  if (n >= gemm.N) { return; }
  let to = at.c + m * gemm.c_row + n;
  c[to / 4] = vec4<Out>(
    Out(epilogue(sum.x, to, channel(gemm, at.inner, m, n))),
    Out(epilogue(sum.y, to + 1, channel(gemm, at.inner, m, n + 1))),
    Out(epilogue(sum.z, to + 2, channel(gemm, at.inner, m, n + 2))),
    Out(epilogue(sum.w, to + 3, channel(gemm, at.inner, m, n + 3))),
  );
}
