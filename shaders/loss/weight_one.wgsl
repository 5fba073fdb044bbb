// All classes weigh the same.
fn weight_of(label: i32) -> f32 { return 1.0; }
