// Running sum or product, one invocation a row: right where rows are many.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Out>;
@group(0) @binding(2) var<uniform> p: Rows;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let row = linear_invocation(gid, groups, GROUP);
  if (row >= p.rows) { return; }
  let first = row_start(p, row);
  var acc = start();
  for (var i = 0u; i < p.length; i++) {
    let at = first + select(i, p.length - 1u - i, REVERSE) * p.inner;
    acc = combine(acc, lift(x[at], i));
    y[at] = result(acc);
  }
}
