// The columns of the product are the pixels of the output, image by image and row by row.
struct Places { n: vec4<u32>, p: vec4<u32>, q: vec4<u32> }

fn places_of(column: vec4<u32>) -> Places {
  return Places(column / (conv.P * conv.Q), column / conv.Q % conv.P, column % conv.Q);
}

// Stores of an invocation in each of its rows.
const STORES = 8u;

// Store number i of a block whose first row is channel first_k.
fn put(sums: ptr<function, Sums>, i: u32, first_k: u32, first_column: u32) {
  let k = first_k + i / 8;
  let column = first_column + i % 8 * SPREAD;
  let plane = conv.P * conv.Q;
  if (column >= conv.N * plane) { return; }
  let to = (column / plane * conv.K + k) * plane + column % plane;
  y[to] = Elem(epilogue((*sums)[i / 64][i / 4 % 16][i % 4], to, k));
}
