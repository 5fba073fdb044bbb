// Both operands stand for multiples of their scale: 0 stands for 0.
fn x_zero() -> i32 { return 0; }
fn w_zero(channel: u32) -> i32 { return 0; }
