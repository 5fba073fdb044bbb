// Reduction, THREADS invocations an output: they stride over its elements, then meet in a tree in workgroup memory.
// Right where outputs are few and each is long (a norm of a channel). log2(THREADS) barriers an output.
// Source: M. Harris, "Optimizing Parallel Reduction in CUDA", the tree with sequential addressing.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Out>;
@group(0) @binding(2) var<uniform> r: Reduce;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let o = (wid.y * groups.x + wid.x) * (GROUP / THREADS) + t / THREADS;
  let lane = t % THREADS;
  var acc = start();
  if (o < r.outputs) {
    let begin = kept_offset(r, o);
    let block = block_of(r.length / THREADS) * THREADS;
    for (var first = lane; first < r.length; first += block) {
      var part = start();
      for (var a = first; a < min(first + block, r.length); a += THREADS) {
        part = combine(part, lift(x[u32(begin + along_offset(r, a))], a));
      }
      acc = combine(acc, part);
    }
  }
  let whole = meet(t, acc);
  if (o < r.outputs && lane == 0u) { y[o] = result(whole); }
}
