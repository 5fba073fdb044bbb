// Scores are float32 whatever is stored; weights are what the next product reads.
@group(0) @binding(1) var<storage, read> scores: array<f32>;
@group(0) @binding(2) var<storage, read_write> weights: array<Elem>;
fn weight_to(at: u32, weight: f32) { weights[at] = Elem(weight); }
