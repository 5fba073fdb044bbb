// argmin: where the smallest element is, the first of equal ones; NaN wins.
struct Place { value: Value, at: u32 }
fn start() -> Place { return Place(Value(0), 0xffffffffu); }
fn lift(v: Elem, at: u32) -> Place { return Place(Value(v), at); }
fn combine(a: Place, b: Place) -> Place {
  if (a.at == 0xffffffffu || b.at == 0xffffffffu) {
    if (a.at == 0xffffffffu) { return b; }
    return a;
  }
  let nan_a = is_nan(f32(a.value));
  let nan_b = is_nan(f32(b.value));
  let equal = (nan_a && nan_b) || a.value == b.value;
  let second = select(nan_b || (b.value < a.value && !nan_a), b.at < a.at, equal);
  if (second) { return b; }
  return a;
}
fn result(acc: Place) -> Out { return Out(acc.at); }
