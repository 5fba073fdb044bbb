// All samples share the gradient of the mean.
@group(0) @binding(6) var<storage, read> total: array<f32>;
fn share_of(sample: u32) -> f32 { return f32(g[0]) / total[0]; }
