// Scores become weights where they are.
@group(0) @binding(1) var<storage, read_write> scores: array<f32>;
fn weight_to(at: u32, weight: f32) { scores[at] = weight; }
