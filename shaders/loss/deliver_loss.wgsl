// The loss, a sum or a MEAN, and what the mean is divided by.
@group(0) @binding(2) var<storage, read_write> loss: array<Elem>;
@group(0) @binding(5) var<storage, read_write> total: array<f32>;

fn deliver(chunk: u32, sum: vec2<f32>) {
  loss[0] = Elem(select(sum.x, sum.x / sum.y, MEAN));
  total[0] = sum.y;
}
