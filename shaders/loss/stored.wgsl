// The sums of a chunk of samples.
@group(0) @binding(0) var<storage, read> pairs: array<vec2<f32>>;
fn pair_at(chunk: u32) -> vec2<f32> { return pairs[chunk]; }
