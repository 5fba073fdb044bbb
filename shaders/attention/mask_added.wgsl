// A number is added to each score; minus infinity forbids the pair.
@group(1) @binding(0) var<storage, read> mask: array<Elem>;
fn keys_of(a: Attention, l: u32) -> u32 { return a.S; }
fn added(a: Attention, mask_at: u32, l: u32, s: u32) -> f32 { return f32(mask[mask_at + l * a.mask_row + s * a.mask_column]); }
