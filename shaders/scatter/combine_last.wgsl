// Keeps the last position; −1 where there is none.
fn start() -> i32 { return -1; }
fn combine(acc: i32, c: u32, at: u32) -> i32 { return i32(c); }
