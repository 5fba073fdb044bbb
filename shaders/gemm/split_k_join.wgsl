// SPLIT_K, second of two kernels: adds the parts of each sum and finishes it.
//
// Idea: where c is small and K long, there are too few elements of c to keep a device busy. So the sum over K is cut into
// parts, made side by side as if they were a batch (any matmul kernel does that), and added here, always in the same
// order: no atomics, equal inputs give equal bits.
// Operations: one addition for each part and element. Bytes: 4·parts read and one element written for each element of c.
// Workspace: the parts, 4·parts·M·N for each matrix of the batch.
struct Parts { count: u32 }
@group(0) @binding(0) var<storage, read> parts: array<f32>;
@group(0) @binding(1) var<storage, read_write> c: array<Out>;
@group(0) @binding(2) var<uniform> gemm: Gemm;
@group(0) @binding(3) var<uniform> split: Parts;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let length = gemm.inner * gemm.M * gemm.N;
  if (index >= length) { return; }
  let n = index % gemm.N;
  let m = index / gemm.N % gemm.M;
  let at = product(gemm, index / (gemm.N * gemm.M));

  var sum = 0.0;
  for (var part = 0u; part < split.count; part++) { sum += parts[part * length + index]; }
  let to = at.c + m * gemm.c_row + n;
  c[to] = Out(epilogue(Acc(sum), to, channel(gemm, at.inner, m, n)));
}
