// The gradient by scores, whose softmax has these logarithms.
@group(0) @binding(5) var<storage, read> logs: array<Elem>;
fn gradient(share: f32, i: u32, is_class_of_sample: bool) -> f32 {
  return (torch_exp(f32(logs[i])) - select(0.0, 1.0, is_class_of_sample)) * share;
}
