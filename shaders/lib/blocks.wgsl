// How many elements are brought together apart before they join the others: with as many blocks as a block has
// elements, the rounding error of a long sum grows with the square root of its length alone.
fn block_of(length: u32) -> u32 { return max(16u, u32(sqrt(f32(length)))); }
