// The columns of the product are the pixels under the windows of a 2×2 max pool, four a window.
//
// Idea: columns of a matrix may stand in any order. An invocation's columns lie SPREAD apart, so of every 4·SPREAD
// columns the first SPREAD are the upper left pixels of as many windows, then come the upper right, the lower left and
// the lower right ones: the four sums of a window meet in one invocation, and neighbouring invocations still read
// neighbouring places of x. A last row or column that no window covers is no column, and never computed.
struct Places { n: vec4<u32>, p: vec4<u32>, q: vec4<u32> }

fn places_of(column: vec4<u32>) -> Places {
  let window = column / (4 * SPREAD) * SPREAD + column % SPREAD;
  let corner = column / SPREAD % 4;
  let height = conv.P / 2;
  let width = conv.Q / 2;
  return Places(window / (height * width), window / width % height * 2 + corner / 2, window % width * 2 + corner % 2);
}

// Stores of an invocation in each of its rows.
const STORES = 2u;

// Store number i of a block whose first row is channel first_k: the largest of four sums.
fn put(sums: ptr<function, Sums>, i: u32, first_k: u32, first_column: u32) {
  let k = first_k + i / 2;
  let column = first_column + i % 2 * 4 * SPREAD;
  let window = column / (4 * SPREAD) * SPREAD + column % SPREAD;
  let height = conv.P / 2;
  let width = conv.Q / 2;
  let n = window / (height * width);
  if (n >= conv.N) { return; }
  let p = window / width % height;
  let q = window % width;
  let plane = n * conv.K + k;
  y[(plane * height + p) * width + q] = Elem(largest((*sums)[i / 16][i % 16], (plane * conv.P + 2 * p) * conv.Q + 2 * q, conv.Q, k));
}
