// The gradient by logarithms.
fn gradient(share: f32, i: u32, is_class_of_sample: bool) -> f32 { return select(0.0, -share, is_class_of_sample); }
