// Where the best element is, the first of equal ones; NaN wins. Which of two numbers is better, combine_arg*.wgsl says.
struct Place { value: Value, at: u32 }
const NOWHERE = 0xffffffffu;
fn start() -> Place { return Place(Value(0), NOWHERE); }
fn lift(v: Elem, at: u32) -> Place { return Place(Value(v), at); }
fn combine(a: Place, b: Place) -> Place {
  if (a.at == NOWHERE) { return b; }
  if (b.at == NOWHERE) { return a; }
  let nan_a = is_nan(f32(a.value));
  let nan_b = is_nan(f32(b.value));
  let equal = (nan_a && nan_b) || a.value == b.value;
  let second = select(nan_b || (beats(b.value, a.value) && !nan_a), b.at < a.at, equal);
  if (second) { return b; }
  return a;
}
fn result(acc: Place) -> Out { return Out(acc.at); }
