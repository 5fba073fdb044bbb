// One output an invocation: plain numbers.
alias Real = f32;
alias Whole = i32;
alias Bits = u32;
alias Truth = bool;
const LANES = 1u;
const lane_numbers = 0i;
fn lane(v: Real, i: u32) -> f32 { return v; }
fn lane_whole(v: Whole, i: u32) -> i32 { return v; }
fn fetch(row: u32, v: Whole) -> Real { return f32(x[row + u32(v)]); }
