// The sums of a chunk.
@group(0) @binding(2) var<storage, read_write> chunks: array<vec2<f32>>;
fn deliver(chunk: u32, sum: vec2<f32>) { chunks[chunk] = sum; }
