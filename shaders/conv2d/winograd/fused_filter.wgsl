// WINOGRAD, first of two kernels: the filters, transformed once by F(2×2, 3×3). u = G·g·Gᵀ.
//
// Idea: 9 taps become 16 points. One invocation a filter; neighbours differ in k.
// Operations: 21 additions and 14 halvings a filter.
// Bytes: reads 36 a filter, writes 64; half of it where numbers are float16. Layout: u[g][c][k][4 columns], with k
// padded to whole blocks of the next kernel.
// Source: Lavin and Gray, arXiv 1509.09308, section 4.1.
@group(0) @binding(0) var<storage, read> w: array<Elem>;
@group(0) @binding(1) var<storage, read_write> u: array<vec4<Acc>>;
@group(0) @binding(2) var<uniform> f: Correlation;

fn load_column(at: i32) -> vec3<Acc> {
  return vec3<Acc>(Acc(w[at]), Acc(w[at + f.w_row]), Acc(w[at + 2 * f.w_row]));
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= f.groups * f.C * f.K) { return; }
  let k = index % f.K;
  let c = index / f.K % f.C;
  let g = index / (f.K * f.C);
  let at = filter_start(f, g, k, c);

  let points = filter_transform(load_column(at), load_column(at + f.w_column), load_column(at + 2 * f.w_column));
  let padded_k = (f.K + BLOCK_K - 1) / BLOCK_K * BLOCK_K;
  let to = 4 * ((g * f.C + c) * padded_k + k);
  u[to] = points[0];
  u[to + 1] = points[1];
  u[to + 2] = points[2];
  u[to + 3] = points[3];
}
