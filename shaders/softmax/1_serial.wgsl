// softmax, one invocation a row: three walks over it, for the largest, the sum and the results. Right where rows are
// many and short (the classes of a batch). Reads each element three times, writes it once.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Elem>;
@group(0) @binding(2) var<uniform> p: Rows;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let row = linear_invocation(gid, groups, GROUP);
  if (row >= p.rows) { return; }
  let first = row_start(p, row);
  var top = f32(x[first]);
  for (var i = 1u; i < p.length; i++) { top = larger(top, f32(x[first + i * p.inner])); }
  var total = 0.0;
  let block = block_of(p.length);
  for (var next = 0u; next < p.length; next += block) {
    var part = 0.0;
    for (var i = next; i < min(next + block, p.length); i++) { part += torch_exp(f32(x[first + i * p.inner]) - top); }
    total += part;
  }
  for (var i = 0u; i < p.length; i++) { y[first + i * p.inner] = Elem(finish(f32(x[first + i * p.inner]) - top, total)); }
}
