// What a kernel finds wrong: it cannot raise an error, so it leaves its ticket, which whoever reads a result that
// depends on it looks for. Tickets descend, and the greatest stays: that of the assertion that failed first. One
// invocation adds the number of which the assertion does not hold, and its position.
struct Assertions { ticket: u32, failed: atomic<u32>, value: u32, position: u32 }
@group(1) @binding(0) var<storage, read_write> assertions: Assertions;

fn assertion_fails(number: u32, value: u32, position: u32) {
  let ticket = assertions.ticket - number;
  if (atomicMax(&assertions.failed, ticket) >= ticket) { return; }
  assertions.value = value;
  assertions.position = position;
}
