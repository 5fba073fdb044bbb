// What a kernel finds wrong: it cannot raise an error, so it leaves its ticket, which whoever reads a result that depends on
// it looks for. Tickets descend, and the greatest stays: that of the assertion that failed first.
struct Assertions { ticket: u32, failed: atomic<u32> }
struct Assertion { number: u32 }
@group(1) @binding(0) var<storage, read_write> assertions: Assertions;
@group(1) @binding(1) var<uniform> assertion: Assertion;

fn assert_that(holds: bool) {
  if (!holds) { atomicMax(&assertions.failed, assertions.ticket - assertion.number); }
}
