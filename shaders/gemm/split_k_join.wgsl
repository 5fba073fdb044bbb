// SPLIT_K, second of two kernels: adds the splits of each sum and finishes it.
//
// Idea: where c is small and K long, there are too few elements of c to keep a device busy. So the sum over K is cut
// into splits, made side by side as if they were a batch (any matmul kernel does that), and added here, always in the
// same order: no atomics, equal inputs give equal bits.
// Operations: one addition for each split and element. Bytes: 4·splits read and one element written for each element of
// c.
// Workspace: the splits, 4·splits·M·N for each matrix of the batch.
struct Splits { count: u32 }
@group(0) @binding(0) var<storage, read> splits: array<f32>;
@group(0) @binding(1) var<storage, read_write> c: array<Out>;
@group(0) @binding(2) var<uniform> gemm: Gemm;
@group(0) @binding(3) var<uniform> splitting: Splits;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let length = gemm.inner * gemm.M * gemm.N;
  if (index >= length) { return; }
  let n = index % gemm.N;
  let m = index / gemm.N % gemm.M;
  let at = product(gemm, index / (gemm.N * gemm.M));

  var sum = 0.0;
  for (var split = 0u; split < splitting.count; split++) { sum += splits[split * length + index]; }
  let to = at.c + m * gemm.c_row + n;
  c[to] = Out(epilogue(Acc(sum), to, channel(gemm, at.inner, m, n)));
}
