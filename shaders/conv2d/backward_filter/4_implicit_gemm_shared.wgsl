// BACKWARD FILTER with workgroup memory: the product of 2_implicit_gemm.wgsl by tiles.
//
// Idea: TILE_K pixels of a part at a time, the workgroup brings the gradients of TILE_M filters and what TILE_N columns (a tap
// of a channel each) meet in x into workgroup memory. Each invocation fills one of the columns, so it works out its channel and
// tap once; neighbours fetch neighbouring pixels of dy.
// Operations: 2·N·K·P·Q·(C/groups)·R·S; a part's pixels are filled up to a multiple of TILE_K. Bytes read from buffers: 4 for
// every TILE_M multiplications (x) and for every TILE_N (dy). Barriers: two for every TILE_K pixels.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> dy: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;
@group(0) @binding(4) var<uniform> split: Split;

struct Split { parts: u32 }

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let Kg = conv.K / conv.groups;
  let taps = conv.R * conv.S;
  let width = conv.C / conv.groups * taps;
  let tile = wid.y * groups.x + wid.x;
  let tiles_k = (Kg + TILE_M - 1) / TILE_M;
  let tiles_n = (width + TILE_N - 1) / TILE_N;
  let k0 = tile % tiles_k * TILE_M;
  let first_column = tile / tiles_k % tiles_n * TILE_N;
  let group = tile / (tiles_k * tiles_n) % conv.groups;
  let part = tile / (tiles_k * tiles_n * conv.groups);

  // The column of the tile that this invocation fills; THREADS is a multiple of TILE_N.
  let own = first_column + thread % TILE_N;
  let channel = group * (conv.C / conv.groups) + own / taps;
  let h0 = i32(own / conv.S % conv.R * conv.dilation_h) - i32(conv.pad_top);
  let v0 = i32(own % conv.S * conv.dilation_w) - i32(conv.pad_left);

  let plane = conv.P * conv.Q;
  let rows = (conv.N * conv.P + split.parts - 1) / split.parts;
  let end = min((part + 1) * rows, conv.N * conv.P) * conv.Q;
  var sum = Unit();
  for (var first = part * rows * conv.Q; first < end; first += TILE_K) {
    for (var i = thread; i < TILE_M * TILE_K; i += THREADS) {
      let pixel = first + i % TILE_K;
      let from_dy = (pixel / plane * conv.K + group * Kg + k0 + i / TILE_K) * plane + pixel % plane;
      a_tile[i % TILE_K * TILE_M + i / TILE_K] = select(Acc(0), Acc(dy[from_dy]), pixel < end);
    }
    for (var i = thread; i < TILE_N * TILE_K; i += THREADS) {
      let pixel = first + i / TILE_N;
      let h = h0 + i32(pixel / conv.Q % conv.P * conv.stride_h);
      let v = v0 + i32(pixel % conv.Q * conv.stride_w);
      let inside = pixel < end && h >= 0 && h < i32(conv.H) && v >= 0 && v < i32(conv.W);
      let from_x = ((pixel / plane * conv.C + channel) * conv.H + u32(h)) * conv.W + u32(v);
      b_tile[i] = select(Acc(0), Acc(x[from_x]), inside);
    }
    workgroupBarrier();
    sum = multiply_tiles(sum, thread);
    workgroupBarrier();
  }

  let k = k0 + thread / THREADS_N * 8;
  let column = first_column + thread % THREADS_N;
  if (part >= split.parts) { return; }
  var sums = fours_of(sum);
  for (var i = 0u; i < 64; i++) {
    let at = column + i % 8 * THREADS_N;
    if (k + i / 8 < Kg && at < width) { deliver(sums[i / 4][i % 4], (group * Kg + k + i / 8) * width + at, part); }
  }
}
