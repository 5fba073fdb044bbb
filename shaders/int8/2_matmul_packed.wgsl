// INT8 MATMUL, PACKED: four elements a word along k, four products an instruction.
//
// Idea: pack.wgsl has put rows of x and columns of w four to a word, so the loop has a quarter of the steps and reads a quarter of the bytes.
// The words of w lie with n innermost: neighbouring invocations read neighbouring words.
// Operations: 2·M·N·K as four to an instruction. Bytes read without a cache: 2 a multiplication. Workspace: M·K + K·N bytes.
@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read> w: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<i32>;
@group(0) @binding(3) var<uniform> p: Matmul;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= p.M * p.N) { return; }
  let n = index % p.N;
  let m = index / p.N;
  let words = (p.K + 3) / 4;

  var sums = Sums();
  for (var k = 0u; k < words; k++) {
    sums = with_four(sums, x[m * words + k], w[k * p.N + n]);
  }
  y[index] = centred(sums, p.K, n);
}
