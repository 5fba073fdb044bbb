// Reduction in two stages, the second: one workgroup an output brings its chunks together.
@group(0) @binding(0) var<storage, read> partial: array<Acc>;
@group(0) @binding(1) var<storage, read_write> y: array<Out>;
@group(0) @binding(2) var<uniform> r: Reduce;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let o = wid.y * groups.x + wid.x;
  var acc = start();
  if (o < r.outputs) {
    for (var c = t; c < r.chunks; c += GROUP) { acc = combine(acc, partial[o * r.chunks + c]); }
  }
  let whole = meet(t, acc);
  if (o < r.outputs && t == 0u) { y[o] = result(whole); }
}
