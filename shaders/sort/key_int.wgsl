// Unsigned keys in the order of signed integers.
fn key_of(v: Elem) -> u32 { return bitcast<u32>(v) ^ 0x80000000u; }
