// The loss of each sample by its class's logarithm: one invocation a sample. Reads one element of logs and of labels,
// writes one.
@group(0) @binding(2) var<storage, read_write> loss: array<Elem>;
@group(0) @binding(3) var<uniform> p: Classes;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let sample = linear_invocation(gid, groups, GROUP);
  if (sample < p.samples) { loss[sample] = Elem(pair_at(sample).x); }
}
