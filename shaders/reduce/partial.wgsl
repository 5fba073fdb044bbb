// Reduction in two stages, the first: several workgroups an output, each over its own run of elements. Right where few
// outputs are so long that one workgroup each would leave the device idle (a loss, a gradient's norm).
// Writes outputs × chunks partial results, which finish.wgsl brings together.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> partial: array<Acc>;
@group(0) @binding(2) var<uniform> r: Reduce;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let item = wid.y * groups.x + wid.x;
  let o = item / r.chunks;
  let run = (r.length + r.chunks - 1u) / r.chunks;
  let first = item % r.chunks * run;
  var acc = start();
  if (o < r.outputs) {
    let begin = kept_offset(r, o);
    let end = min(first + run, r.length);
    let block = block_of(run / GROUP) * GROUP;
    for (var next = first + t; next < end; next += block) {
      var part = start();
      for (var a = next; a < min(next + block, end); a += GROUP) {
        part = combine(part, lift(x[u32(begin + along_offset(r, a))], a));
      }
      acc = combine(acc, part);
    }
  }
  let whole = meet(t, acc);
  if (o < r.outputs && t == 0u) { partial[item] = whole; }
}
