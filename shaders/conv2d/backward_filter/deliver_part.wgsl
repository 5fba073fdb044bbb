// Each part is stored by itself; lib/sum_parts.wgsl adds them in a fixed order.
@group(0) @binding(2) var<storage, read_write> parts: array<f32>;
fn deliver(sum: Acc, index: u32, part: u32) { parts[part * conv.K * (conv.C / conv.groups) * conv.R * conv.S + index] = f32(sum); }
