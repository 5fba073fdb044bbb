// The sum of splits that were made side by side: result[i] = splits[0][i] + splits[1][i] + …, always in this order, so
// that equal inputs give equal bits.
// Bytes: 4·splits read and one element written for each element of the result. Operations: splits - 1 additions.
struct Splits { count: u32, length: u32 }
@group(0) @binding(0) var<storage, read> splits: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<Elem>;
@group(0) @binding(2) var<uniform> shape: Splits;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= shape.length) { return; }
  var sum = 0.0;
  for (var split = 0u; split < shape.count; split++) { sum += splits[split * shape.length + index]; }
  result[index] = Elem(sum);
}
