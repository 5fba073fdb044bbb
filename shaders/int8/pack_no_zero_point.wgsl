// 0 stands for 0 in the elements that are packed.
fn zero() -> i32 { return 0; }
