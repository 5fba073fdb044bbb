// sum of integers in 64 bits, as two words: exact in any order. The whole must be an int32.
struct Wide { low: u32, high: i32 }
fn start() -> Wide { return Wide(0u, 0i); }
fn lift(v: Elem, at: u32) -> Wide { return Wide(u32(v), v >> 31u); }
fn combine(a: Wide, b: Wide) -> Wide {
  let low = a.low + b.low;
  return Wide(low, a.high + b.high + select(0i, 1i, low < a.low));
}
fn result(acc: Wide) -> Out {
  let whole = i32(acc.low);
  assert_that(acc.high == whole >> 31u);
  return whole;
}
