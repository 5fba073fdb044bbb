// The ordered filters, an element at a time.
@group(0) @binding(4) var<storage, read> ordered: array<Elem>;
fn a_element(step: Step, row: u32) -> Acc { return Acc(ordered[step.w + row]); }
