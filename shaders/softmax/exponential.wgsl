// softmax: of an element at a distance from its row's largest.
fn finish(distance: f32, total: f32) -> f32 { return torch_exp(distance) / total; }
