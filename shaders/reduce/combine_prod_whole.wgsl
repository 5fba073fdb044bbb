// product of integers: its sign and its magnitude, which stops at the greatest u32 until a 0 comes. The whole must be
// an int32.
struct Product { magnitude: u32, negative: u32 }
fn start() -> Product { return Product(1u, 0u); }
fn lift(v: Elem, at: u32) -> Product { return Product(u32(abs(v)), u32(v < 0)); }
fn combine(a: Product, b: Product) -> Product {
  let fits = a.magnitude == 0u || b.magnitude <= 0xffffffffu / max(a.magnitude, 1u);
  return Product(select(0xffffffffu, a.magnitude * b.magnitude, fits), a.negative ^ b.negative);
}
fn result(acc: Product) -> Out {
  assert_that(acc.magnitude <= 0x7fffffffu + acc.negative);
  let magnitude = i32(acc.magnitude);
  return select(magnitude, -magnitude, acc.negative == 1u);
}
