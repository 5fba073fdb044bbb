// A block of 32 rows and 8 columns an invocation: 256 sums. They overflow the registers of any machine, but where a load
// costs ten times a multiplication (software adapters), 32 multiplications a loaded column are worth it.
const ROWS = 32u;
struct Block { r0: Unit, r8: Unit, r16: Unit, r24: Unit }
fn add_step(sum: Block, step: Step, b: Eight) -> Block {
  return Block(
    multiply_add(sum.r0, eight_rows(step, 0), b),
    multiply_add(sum.r8, eight_rows(step, 8), b),
    multiply_add(sum.r16, eight_rows(step, 16), b),
    multiply_add(sum.r24, eight_rows(step, 24), b),
  );
}
alias Sums = array<array<Four, 16>, ROWS / 8>;
fn sums_of(block: Block) -> Sums {
  return Sums(fours_of(block.r0), fours_of(block.r8), fours_of(block.r16), fours_of(block.r24));
}
