// A block of 16 rows and 8 columns an invocation: each column that is loaded serves 16 multiplications.
const ROWS = 16u;
struct Block { r0: Unit, r8: Unit }
fn add_step(sum: Block, step: Step, b: Eight) -> Block {
  return Block(
    multiply_add(sum.r0, eight_rows(step, 0), b),
    multiply_add(sum.r8, eight_rows(step, 8), b),
  );
}
alias Sums = array<array<Four, 16>, ROWS / 8>;
fn sums_of(block: Block) -> Sums {
  return Sums(fours_of(block.r0), fours_of(block.r8));
}
