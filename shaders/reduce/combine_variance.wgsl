// variance: count, mean and squared distance from it, merged pairwise, so that no large squares are subtracted.
// Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing sample
// variances", 1979.
struct Moments { count: f32, mean: f32, spread: f32 }
fn start() -> Moments { return Moments(0.0, 0.0, 0.0); }
fn lift(v: Elem, at: u32) -> Moments { return Moments(1.0, f32(v), 0.0); }
fn combine(a: Moments, b: Moments) -> Moments {
  // Nothing takes no part: its distance may be so large that its square is infinite, and 0 times that is NaN.
  if (a.count == 0.0) { return b; }
  if (b.count == 0.0) { return a; }
  let count = a.count + b.count;
  let share = b.count / count;
  let delta = b.mean - a.mean;
  return Moments(count, a.mean + delta * share, a.spread + b.spread + delta * delta * a.count * share);
}
fn result(acc: Moments) -> Out { return Out(acc.spread / max(acc.count - CORRECTION, 0.0)); }
