// WINOGRAD_NONFUSED, backward filter: from the products, summed over all tiles, to the filter's gradient. dw = Aᵀ·m·A.
//
// Idea: in F(R, M) the roles are exchanged: an M×M tile of dy is the filter, and the R×R taps are the outputs. The sum
// over images and tiles is the depth of the matrix product, so it is done among the points, once; one transform a
// filter is left. One invocation a filter (g, k, c). Operations: 126 multiply-adds with the constants of Aᵀ a filter of
// 3×3, 242 of 5×5.
// Bytes: reads 4·36 a filter, writes 4·R². Layout: m[point][g][k][c], both padded.
// Source: Lavin and Gray, arXiv 1509.09308, section 4.
struct Gradient { groups: u32, C: u32, K: u32, padded_c: u32, padded_k: u32 }
@group(0) @binding(0) var<storage, read> m: array<f32>;
@group(0) @binding(1) var<storage, read_write> dw: array<Elem>;
@group(0) @binding(2) var<uniform> job: Gradient;

fn load_column(at: u32, stride: u32) -> Six {
  return Six(m[at], m[at + 6 * stride], m[at + 12 * stride], m[at + 18 * stride], m[at + 24 * stride], m[at + 30 * stride]);
}

fn store_row(to: u32, row: Six) {
  dw[to] = Elem(row[0]);
  dw[to + 1] = Elem(row[1]);
  dw[to + 2] = Elem(row[2]);
  if (R > 3) { dw[to + 3] = Elem(row[3]); }
  if (R > 4) { dw[to + 4] = Elem(row[4]); }
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= job.groups * job.K * job.C) { return; }
  let c = index % job.C;
  let k = index / job.C % job.K;
  let g = index / (job.C * job.K);
  let stride = job.groups * job.padded_k * job.padded_c;
  let at = (g * job.padded_k + k) * job.padded_c + c;

  let taps = transform_tile(array<Six, 6>(
    load_column(at, stride), load_column(at + stride, stride), load_column(at + 2 * stride, stride),
    load_column(at + 3 * stride, stride), load_column(at + 4 * stride, stride), load_column(at + 5 * stride, stride),
  ));
  let to = index * R * R;
  store_row(to, taps[0]);
  store_row(to + R, taps[1]);
  store_row(to + 2 * R, taps[2]);
  if (R > 3) { store_row(to + 3 * R, taps[3]); }
  if (R > 4) { store_row(to + 4 * R, taps[4]); }
}
