// MOVE: copies elements under a permutation of four dimensions, one an invocation: what im2col and other rearrangements
// do.
// Operations: three divisions, three remainders, and the sums of an address. Bytes: 4 read and 4 written an invocation.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let total = arrayLength(&x);
  if (index >= total) { return; }
  // The sizes are not known to the compiler, so that the divisions are real ones.
  let columns = 7u + (total >> 31u);
  let rows = 5u + (total >> 31u);
  let planes = 3u + (total >> 31u);
  let column = index % columns;
  let row = index / columns % rows;
  let plane = index / (columns * rows) % planes;
  let image = index / (columns * rows * planes);
  y[index] = x[min(((image * columns + column) * rows + row) * planes + plane, total - 1u)];
}
