// Reduction, one workgroup an output: its invocations stride over the elements, then meet in a tree in workgroup memory.
// Right where outputs are few and each is long (a norm of a channel). log2(GROUP) barriers an output.
// Source: M. Harris, "Optimizing Parallel Reduction in CUDA", the tree with sequential addressing.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Out>;
@group(0) @binding(2) var<uniform> r: Reduce;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let o = wid.y * groups.x + wid.x;
  var acc = start();
  if (o < r.outputs) {
    let begin = kept_offset(r, o);
    for (var a = t; a < r.length; a += GROUP) { acc = combine(acc, lift(x[u32(begin + along_offset(r, a))], a)); }
  }
  let whole = meet(t, acc);
  if (o < r.outputs && t == 0u) { y[o] = result(whole); }
}
