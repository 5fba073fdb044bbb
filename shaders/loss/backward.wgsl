// The gradient of a loss of classes: one invocation an element.
//
// Idea: an element knows its class by its place, so nothing is scattered: minus the sample's share of the gradient
// where that is the sample's class, else nothing. By scores and not by their logarithms each class gets its
// probability's part of the share too: softmax's gradient, without a sum over the row, since that is the share. Reads
// one element of labels (and of logs), writes one.
@group(0) @binding(0) var<storage, read> g: array<Elem>;
@group(0) @binding(1) var<storage, read> labels: array<i32>;
@group(0) @binding(2) var<storage, read_write> dx: array<Elem>;
@group(0) @binding(3) var<uniform> p: Classes;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_invocation(gid, groups, GROUP);
  if (i >= p.samples * p.classes) { return; }
  let sample = i / (p.inner * p.classes) * p.inner + i % p.inner;
  let label = labels[sample];
  if (label == p.ignored) { dx[i] = Elem(0); return; }
  let share = share_of(sample) * weight_of(label);
  dx[i] = Elem(gradient(share, i, i32(i / p.inner % p.classes) == label));
}
