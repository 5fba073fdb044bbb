// What becomes of an element at a distance from its row's largest: softmax, or its logarithm (LOGARITHM).
fn finish(distance: f32, total: f32) -> f32 {
  if (LOGARITHM) { return distance - torch_log(total); }
  return torch_exp(distance) / total;
}
