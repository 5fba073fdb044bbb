// Reduction, one invocation an output: right where outputs are many (a bias gradient over few images).
// Operations: one combine an input element. Bytes: each input once.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Out>;
@group(0) @binding(2) var<uniform> r: Reduce;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let o = linear_invocation(gid, groups, GROUP);
  if (o >= r.outputs) { return; }
  let begin = kept_offset(r, o);
  let block = block_of(r.length);
  var acc = start();
  for (var first = 0u; first < r.length; first += block) {
    var part = start();
    for (var a = first; a < min(first + block, r.length); a++) {
      part = combine(part, lift(x[u32(begin + along_offset(r, a))], a));
    }
    acc = combine(acc, part);
  }
  y[o] = result(acc);
}
