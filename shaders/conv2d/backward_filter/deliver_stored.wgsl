// Each split's sums are stored by themselves, and lib/sum_splits.wgsl adds them in a fixed order; the only split's sums
// are dw itself.
@group(0) @binding(2) var<storage, read_write> sums: array<Stored>;
fn deliver(sum: Acc, index: u32, split: u32) {
  sums[split * conv.K * (conv.C / conv.groups) * conv.R * conv.S + index] = Stored(sum);
}
