// A sample's loss, the logarithm of its class's probability times minus the class's weight, and that weight.
@group(0) @binding(0) var<storage, read> logs: array<Elem>;
@group(0) @binding(1) var<storage, read> labels: array<i32>;

fn pair_at(sample: u32) -> vec2<f32> {
  let label = labels[sample];
  if (label == p.ignored) { return vec2<f32>(); }
  let log = f32(logs[(sample / p.inner * p.classes + u32(label)) * p.inner + sample % p.inner]);
  return vec2(-log, 1.0) * weight_of(label);
}
