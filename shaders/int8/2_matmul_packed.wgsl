// INT8 MATMUL, PACKED: four elements a word along k, and 4×4 elements of y an invocation.
//
// Idea: pack.wgsl has put rows of x and columns of w four to a word, so the loop has a quarter of the steps; and the
// eight words that it reads in each serve sixteen dot products. The words of w lie with n innermost: neighbouring
// invocations read neighbouring words. Rows and columns beyond the edge are the last one again, and are not stored.
// Operations: 2·M·N·K as four to an instruction. Bytes read without a cache: ½ a multiplication. Workspace: a byte an
// element of x and w, where K is a multiple of four.
@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read> w: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<i32>;
@group(0) @binding(3) var<uniform> p: Matmul;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let columns = (p.N + 3) / 4;
  if (index >= (p.M + 3) / 4 * columns) { return; }
  let first_m = index / columns * 4;
  let first_n = index % columns * 4;
  let m = min(first_m + vec4(0u, 1u, 2u, 3u), vec4(p.M - 1));
  let n = min(first_n + vec4(0u, 1u, 2u, 3u), vec4(p.N - 1));
  let words = (p.K + 3) / 4;

  var sums = Sums();
  for (var k = 0u; k < words; k++) {
    let x_at = m * words + k;
    let w_at = k * p.N + n;
    sums = with_words(sums, vec4(x[x_at.x], x[x_at.y], x[x_at.z], x[x_at.w]), vec4(w[w_at.x], w[w_at.y], w[w_at.z], w[w_at.w]));
  }
  var block = centred(sums, 4 * words, vec4(w_zero(n.x), w_zero(n.y), w_zero(n.z), w_zero(n.w)));
  for (var i = 0u; i < min(4, p.M - first_m); i++) {
    for (var j = 0u; j < min(4, p.N - first_n); j++) { y[(first_m + i) * p.N + first_n + j] = block[i][j]; }
  }
}
