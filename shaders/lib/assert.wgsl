// The assertion of a kernel that has one alone, of its results.
struct Assertion { number: u32 }
@group(1) @binding(1) var<uniform> assertion: Assertion;

fn assert_that(holds: bool) {
  if (!holds) { assertion_fails(assertion.number, 0u, 0u); }
}
