// BACKWARD DATA, ALGO_0 with workgroup memory: the scatter of 1_scatter.wgsl as a matrix product by tiles.
//
// Idea: what each output gives back to the inputs that it read is a matrix, wᵀ · dy, of (C/groups)·R·S rows and N·P·Q
// columns: GEMM's matrix of columns run backwards. Its tiles are made in workgroup memory, and each element is added to
// dx as soon as its sum is complete, so the matrix itself never exists. The filters' elements of a row lie side by side
// in w, a column's pixels in dy. R·S elements of the matrix meet in one of dx, and the order of their additions is not
// fixed: equal inputs may give different last bits.
// Operations: 2·N·K·P·Q·(C/groups)·R·S, and N·C·P·Q·R·S atomic additions. Bytes read from buffers: 4 for every TILE_M
// multiplications (dy) and for every TILE_N (w). Filters are filled up with zeros to a multiple of TILE_K. Barriers:
// two for every TILE_K filters.
// Workspace: float32 sums where dx is float16.
// Source: the way back through im2col of Caffe, a product and col2im (Jia et al., 2014, arXiv 1408.5093), here in one
// kernel.
@group(0) @binding(0) var<storage, read> dy: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> sums: array<atomic<u32>>;
@group(0) @binding(3) var<uniform> conv: Conv;

// The filters of a step: where they begin in w at the tile's first row, and how far apart they lie there; where they
// begin in dy at this invocation's column; and how many are left.
struct Step { w: u32, next: u32, dy: u32, left: u32 }

fn fetch_a(step: Step, i: u32) {
  let k = i / TILE_M;
  let element = w[step.w + k * step.next + i % TILE_M];
  a_tile[i] = select(Acc(0), Acc(element), k < step.left);
}

fn fetch_b(step: Step, i: u32) {
  let k = i / TILE_N;
  b_tile[i] = select(Acc(0), Acc(dy[step.dy + k * conv.P * conv.Q]), k < step.left);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let Kg = conv.K / conv.groups;
  let rows = conv.C / conv.groups * conv.R * conv.S;
  let plane = conv.P * conv.Q;
  let tile = wid.y * groups.x + wid.x;
  let tiles_m = (rows + TILE_M - 1) / TILE_M;
  let m0 = tile % tiles_m * TILE_M;
  let group = tile / tiles_m % conv.groups;
  let n0 = tile / (tiles_m * conv.groups) * TILE_N;

  // The column of the tile that this invocation fills; THREADS is a multiple of TILE_N.
  let own = n0 + thread % TILE_N;
  let from_w = group * Kg * rows + m0;
  let from_dy = (own / plane * conv.K + group * Kg) * plane + own % plane;
  var sum = Unit();
  for (var k = 0u; k < Kg; k += TILE_K) { sum = add_step(sum, Step(from_w + k * rows, rows, from_dy + k * plane, Kg - k), thread); }

  let row = m0 + thread / THREADS_N * 8;
  let column = n0 + thread % THREADS_N;
  var made = fours_of(sum);
  for (var i = 0u; i < 64; i++) {
    if (row + i / 8 < rows) { scatter(made[i / 4][i % 4], group, row + i / 8, column + i % 8 * THREADS_N); }
  }
}

// Adds an element of the matrix, a tap of a channel at an output pixel, to the input that it was read from.
fn scatter(sum: Acc, group: u32, row: u32, column: u32) {
  let n = column / (conv.P * conv.Q);
  let c = group * (conv.C / conv.groups) + row / (conv.R * conv.S);
  let h = i32(column / conv.Q % conv.P * conv.stride_h + row / conv.S % conv.R * conv.dilation_h) - i32(conv.pad_top);
  let v = i32(column % conv.Q * conv.stride_w + row % conv.S * conv.dilation_w) - i32(conv.pad_left);
  if (n >= conv.N || h < 0 || h >= i32(conv.H) || v < 0 || v >= i32(conv.W)) { return; }
  atomic_add(((n * conv.C + c) * conv.H + u32(h)) * conv.W + u32(v), f32(sum));
}
