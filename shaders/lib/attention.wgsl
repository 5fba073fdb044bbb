// The sizes and strides of an attention, in elements: L queries and S keys of E numbers, S values of Ev, in a batch of
// two levels. Elements of a row of q, k and v lie side by side; y is contiguous. A mask that is broadcast has strides
// 0.
struct Attention {
  L: u32, S: u32, E: u32, Ev: u32, outer: u32, inner: u32,
  q_offset: u32, q_outer: u32, q_inner: u32, q_row: u32,
  k_offset: u32, k_outer: u32, k_inner: u32, k_row: u32,
  v_offset: u32, v_outer: u32, v_inner: u32, v_row: u32,
  mask_offset: u32, mask_outer: u32, mask_inner: u32, mask_row: u32, mask_column: u32,
  scale: f32,
}

// Where the matrices of one batch begin.
struct Heads { q: u32, k: u32, v: u32, mask: u32 }

fn heads(a: Attention, batch: u32) -> Heads {
  let i = batch % a.inner;
  let o = batch / a.inner;
  return Heads(
    a.q_offset + o * a.q_outer + i * a.q_inner,
    a.k_offset + o * a.k_outer + i * a.k_inner,
    a.v_offset + o * a.v_outer + i * a.v_inner,
    a.mask_offset + o * a.mask_outer + i * a.mask_inner,
  );
}

// Below every score, and still a number that compilers may compute with.
const LOWEST = -3.0e38;

// Minus infinity in a mask forbids a pair. A test on bits, since a compiler may take every float for finite.
fn is_forbidden(added: f32) -> bool { return bitcast<u32>(added) == 0xff800000u; }
