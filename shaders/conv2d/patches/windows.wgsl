// The eight outputs of an invocation are two windows of a 2×2 max pool. Windows are counted row by row through the
// tile, and the second one is THREADS_N after the first, so neighbouring invocations have neighbouring windows. One
// that is cut by the output's edge is never stored.
const WINDOWS_ACROSS = TILE_Q / 2;

fn corners_of(lane: u32) -> Corners { return Corners(window_corners(lane), window_corners(lane + THREADS_N)); }

// The four outputs of a window, row by row.
fn window_corners(window: u32) -> vec4<u32> {
  return corner_of(window / WINDOWS_ACROSS * 2 + vec4(0, 0, 1, 1), window % WINDOWS_ACROSS * 2 + vec4(0, 1, 0, 1));
}

// Stores for each filter.
const STORES = 2u;

// Store number i of sums whose first filter is first_k: the largest of four.
fn put(sums: ptr<function, Sums>, i: u32, first_k: u32, tile: Tile, lane: u32) {
  let k = first_k + i / 2;
  let window = lane + i % 2 * THREADS_N;
  let p = tile.p + window / WINDOWS_ACROSS * 2;
  let q = tile.q + window % WINDOWS_ACROSS * 2;
  if (tile.n >= conv.N || p + 1 >= conv.P || q + 1 >= conv.Q) { return; }
  let plane = tile.n * conv.K + k;
  let at = (plane * conv.P + p) * conv.Q + q;
  y[(plane * (conv.P / 2) + p / 2) * (conv.Q / 2) + q / 2] = Elem(largest((*sums)[i], at, conv.Q, k));
}
