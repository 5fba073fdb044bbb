// An 8×8 block of sums in the registers of one invocation, as four 4×4 squares.
//
// Idea: an outer product of 8 rows of a with 8 columns of b makes 64 multiplications out of 16 loads. Squares are
// named, not indexed: an array under a loop variable lives in memory on compilers that do not unroll.
alias Four = vec4<Acc>;
alias Square = mat4x4<Acc>;

struct Eight { lo: Four, hi: Four }

struct Unit { s00: Square, s01: Square, s10: Square, s11: Square }

// Row i of the square is a[i] * b.
fn outer(a: Four, b: Four) -> Square { return Square(b * a.x, b * a.y, b * a.z, b * a.w); }

fn multiply_add(sum: Unit, a: Eight, b: Eight) -> Unit {
  return Unit(
    sum.s00 + outer(a.lo, b.lo), sum.s01 + outer(a.lo, b.hi),
    sum.s10 + outer(a.hi, b.lo), sum.s11 + outer(a.hi, b.hi),
  );
}

// The sums in the order of rows, eight a row: memory, not registers, so that one loop can store them all.
fn fours_of(sum: Unit) -> array<Four, 16> {
  return array<Four, 16>(
    sum.s00[0], sum.s01[0], sum.s00[1], sum.s01[1], sum.s00[2], sum.s01[2], sum.s00[3], sum.s01[3],
    sum.s10[0], sum.s11[0], sum.s10[1], sum.s11[1], sum.s10[2], sum.s11[2], sum.s10[3], sum.s11[3],
  );
}
