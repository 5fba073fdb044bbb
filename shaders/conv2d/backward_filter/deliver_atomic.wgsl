// Splits are added up where they meet, in whatever order they come: no memory for splits, but the last bits may differ
// from run to run.
@group(0) @binding(2) var<storage, read_write> sums: array<atomic<u32>>;
fn deliver(sum: Acc, index: u32, split: u32) { atomic_add(index, f32(sum)); }
