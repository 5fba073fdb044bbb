// The ordered filters, four at a time: one 16-byte load (8 bytes in float16) instead of four.
@group(0) @binding(4) var<storage, read> ordered: array<vec4<Elem>>;
fn a_four(step: Step, row: u32) -> Four { return Four(ordered[(step.w + row) / 4]); }
