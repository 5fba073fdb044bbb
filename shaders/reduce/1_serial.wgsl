// Reduction, one invocation an output: right where outputs are many and each is short (a bias gradient over few images).
// Operations: one combine an input element. Bytes: each input once. Sixteen partial results keep the rounding error of a
// long float sum near that of pairwise summation.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Out>;
@group(0) @binding(2) var<uniform> r: Reduce;

const PARTS = 16u;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let o = linear_invocation(gid, groups, GROUP);
  if (o >= r.outputs) { return; }
  let begin = kept_offset(r, o);
  var parts: array<Acc, PARTS>;
  for (var i = 0u; i < PARTS; i++) { parts[i] = start(); }
  for (var a = 0u; a < r.length; a++) {
    let part = a % PARTS;
    parts[part] = combine(parts[part], lift(x[u32(begin + along_offset(r, a))], a));
  }
  for (var step = PARTS / 2u; step > 0u; step /= 2u) {
    for (var i = 0u; i < step; i++) { parts[i] = combine(parts[i], parts[i + step]); }
  }
  y[o] = result(parts[0]);
}
