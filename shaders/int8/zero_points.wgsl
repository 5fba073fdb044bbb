// The numbers that stand for 0: one for x; for w one for all (W_ZERO_STEP is 0), or one for each output channel (1).
@group(0) @binding(4) var<storage, read> x_zeros: array<i32>;
@group(0) @binding(5) var<storage, read> w_zeros: array<i32>;

fn x_zero() -> i32 { return x_zeros[0]; }
fn w_zero(channel: u32) -> i32 { return w_zeros[channel * W_ZERO_STEP]; }
