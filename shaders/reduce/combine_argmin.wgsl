// argmin: where the smallest element is (place.wgsl).
fn beats(a: Value, b: Value) -> bool { return a < b; }
