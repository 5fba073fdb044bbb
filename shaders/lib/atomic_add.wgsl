// Floating-point addition to memory that others add to: WGSL has atomics for integers only, so the bits are exchanged
// if nobody changed them meanwhile, and the addition is tried again if somebody did.
fn atomic_add(at: u32, value: f32) {
  var seen = atomicLoad(&sums[at]);
  loop {
    let tried = atomicCompareExchangeWeak(&sums[at], seen, bitcast<u32>(bitcast<f32>(seen) + value));
    if (tried.exchanged) { break; }
    seen = tried.old_value;
  }
}
