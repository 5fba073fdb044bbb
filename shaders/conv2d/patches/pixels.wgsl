// The eight outputs of an invocation are a column of the tile: neighbouring invocations read and store neighbours.
fn corners_of(lane: u32) -> Corners {
  return Corners(corner_of(vec4(0, 1, 2, 3), vec4(lane)), corner_of(vec4(4, 5, 6, 7), vec4(lane)));
}

// Stores for each filter.
const STORES = 8u;

// Store number i of sums whose first filter is first_k.
fn put(sums: ptr<function, Sums>, i: u32, first_k: u32, tile: Tile, lane: u32) {
  let k = first_k + i / 8;
  let p = tile.p + i % 8;
  let q = tile.q + lane;
  if (tile.n >= conv.N || p >= conv.P || q >= conv.Q) { return; }
  let to = ((tile.n * conv.K + k) * conv.P + p) * conv.Q + q;
  y[to] = Elem(epilogue((*sums)[i / 4][i % 4], to, k));
}
