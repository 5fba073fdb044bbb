// The eight outputs of an invocation are a column of the tile: neighbouring invocations read and store neighbours.
fn corners_of(lane: u32) -> Corners {
  return Corners(corner_of(vec4(0, 1, 2, 3), vec4(lane)), corner_of(vec4(4, 5, 6, 7), vec4(lane)));
}

// Stores for each filter, and store number i of them.
const STORES = 8u;

fn put(sums: Eight, i: u32, k: u32, tile: Tile, lane: u32) {
  let p = tile.p + i;
  let q = tile.q + lane;
  if (tile.n >= conv.N || p >= conv.P || q >= conv.Q) { return; }
  let to = ((tile.n * conv.K + k) * conv.P + p) * conv.Q + q;
  y[to] = Elem(epilogue(select(sums.lo, sums.hi, i >= 4)[i % 4], to, k));
}
