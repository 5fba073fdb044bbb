// Each class has a weight of its own.
@group(0) @binding(4) var<storage, read> weight: array<Weight>;
fn weight_of(label: i32) -> f32 { return f32(weight[label]); }
