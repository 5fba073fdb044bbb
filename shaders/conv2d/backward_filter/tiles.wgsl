// The product of BACKWARD FILTER by tiles in workgroup memory: dy times what the filters' taps met in x.
//
// Idea: TILE_K pixels of a split at a time, the workgroup brings the gradients of TILE_M filters and what TILE_N
// columns of dw (a tap of a channel each) meet in x into workgroup memory, where each element serves TILE_N or TILE_M
// multiplications. Neighbours fetch neighbouring pixels of dy. Which columns a tile has, and how they are fetched, the
// algorithm's own file says.
// Bytes read from buffers: 4 for every TILE_M multiplications (x) and for every TILE_N (dy). A split's pixels are
// filled up with zeros to a multiple of TILE_K. Barriers: two for every TILE_K pixels.

// The pixels of a step: the first, counted through all images, and the end of the split; the first filter, and the
// tile's columns.
struct Step { pixel: u32, end: u32, k: u32, columns: Columns }

fn fetch_a(step: Step, i: u32) {
  let plane = conv.P * conv.Q;
  let pixel = step.pixel + i % TILE_K;
  let from_dy = (pixel / plane * conv.K + step.k + i / TILE_K) * plane + pixel % plane;
  a_tile[i % TILE_K * TILE_M + i / TILE_K] = select(Acc(0), Acc(dy[from_dy]), pixel < step.end);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let Kg = conv.K / conv.groups;
  let tile = wid.y * groups.x + wid.x;
  let tiles_k = (Kg + TILE_M - 1) / TILE_M;
  let tiles_n = column_tiles();
  let k0 = tile % tiles_k * TILE_M;
  let group = tile / (tiles_k * tiles_n) % conv.groups;
  let split = tile / (tiles_k * tiles_n * conv.groups);
  let columns = columns_of(tile / tiles_k % tiles_n, group, thread);

  let rows = (conv.N * conv.P + splitting.count - 1) / splitting.count;
  let end = min((split + 1) * rows, conv.N * conv.P) * conv.Q;
  var sum = Unit();
  for (var pixel = split * rows * conv.Q; pixel < end; pixel += TILE_K) {
    sum = add_step(sum, Step(pixel, end, group * Kg + k0, columns), thread);
  }

  let k = k0 + thread / THREADS_N * 8;
  if (split >= splitting.count) { return; }
  let width = conv.C / conv.groups * conv.R * conv.S;
  var sums = fours_of(sum);
  for (var i = 0u; i < 64; i++) {
    let at = weight_of(columns, thread % THREADS_N + i % 8 * THREADS_N);
    if (k + i / 8 < Kg && at < width) { deliver(sums[i / 4][i % 4], (group * Kg + k + i / 8) * width + at, split); }
  }
}
