// MAX: what a window has shown so far is its largest element and where that lies, as h·W + v in its plane; -1: nothing
// yet. Among equals the first wins; a NaN wins over all, the last of several, as in PyTorch. What is kept of each
// maximum, its value, its place or both, a file of its own says (keep_value.wgsl, …).
struct State { best: Real, place: Whole }

fn is_nan_lane(v: Real) -> Truth { return (bitcast<Bits>(v) & Bits(0x7fffffffu)) > Bits(0x7f800000u); }

fn nothing() -> State { return State(Real(pool.minus_infinity), Whole(-1)); }

fn take(s: State, element: Real, place: Whole, inside: Truth) -> State {
  let wins = inside & ((s.place < Whole(0)) | is_nan_lane(element) | (!is_nan_lane(s.best) & (element > s.best)));
  return State(select(s.best, element, wins), select(s.place, place, wins));
}

// Two parts of one window whose elements may stand in any order.
fn join(a: State, b: State) -> State {
  let first = b.place < a.place;
  let nan = is_nan_lane(b.best) & (!is_nan_lane(a.best) | !first);
  let more = !is_nan_lane(a.best) & ((b.best > a.best) | ((b.best == a.best) & first));
  let wins = (b.place >= Whole(0)) & ((a.place < Whole(0)) | nan | more);
  return State(select(a.best, b.best, wins), select(a.place, b.place, wins));
}
