// A block of 8 rows and 8 columns an invocation.
const ROWS = 8u;
struct Block { r0: Unit }
fn add_step(sum: Block, step: Step, b: Eight) -> Block {
  return Block(multiply_add(sum.r0, eight_rows(step, 0), b));
}
alias Sums = array<array<Four, 16>, ROWS / 8>;
fn sums_of(block: Block) -> Sums {
  return Sums(fours_of(block.r0));
}
