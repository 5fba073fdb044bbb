// Reduction, one workgroup an output: its invocations stride over the elements, then meet in a tree in workgroup memory.
// Right where outputs are few and each is long (a loss, a norm). log2(GROUP) barriers an output.
// Source: M. Harris, "Optimizing Parallel Reduction in CUDA", the tree with sequential addressing.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Out>;
@group(0) @binding(2) var<uniform> r: Reduce;

var<workgroup> parts: array<Acc, GROUP>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let o = wid.y * groups.x + wid.x;
  let inside = o < r.outputs;
  var acc = START;
  if (inside) {
    let start = kept_offset(r, o);
    for (var a = t; a < r.length; a += GROUP) { acc = combine(acc, Acc(x[u32(start + along_offset(r, a))])); }
  }
  parts[t] = acc;
  for (var step = GROUP / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (t < step) { parts[t] = combine(parts[t], parts[t + step]); }
  }
  if (inside && t == 0u) { y[o] = Out(parts[0]); }
}
