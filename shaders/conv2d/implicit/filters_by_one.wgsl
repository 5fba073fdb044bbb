// The ordered filters, an element at a time.
@group(0) @binding(4) var<storage, read> ordered: array<Elem>;
fn filter_element(at: u32) -> Acc { return Acc(ordered[at]); }
fn a_element(step: Step, row: u32) -> Acc { return filter_element(step.w + row); }
