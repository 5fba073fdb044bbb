// WINOGRAD_NONFUSED: the filters, transformed once. U = G·g·Gᵀ.
//
// Idea: G evaluates the filter's R×R taps at 6×6 points, first down its columns, then along its rows. One invocation a
// filter (g, k, c); neighbours differ in k, so that the stores of one point are adjacent.
// Operations: 126 multiply-adds with the constants of G a filter of 3×3, 242 of 5×5.
// Bytes: reads 4·R² a filter, writes 4·36, or 2·36 where the product is made in float16. Layout: u[point][g][c][k],
// with k padded to whole blocks of the product.
// Source: Lavin and Gray, arXiv 1509.09308, section 4.
struct Filters {
  groups: u32, C: u32, K: u32, padded_k: u32,
  // Where w[g,k,c,r,s] lies; row and column are negative where the filter is read turned by 180°.
  origin: i32, group: i32, k: i32, c: i32, row: i32, column: i32,
}
@group(0) @binding(0) var<storage, read> w: array<Elem>;
@group(0) @binding(1) var<storage, read_write> u: array<Acc>;
@group(0) @binding(2) var<uniform> filters: Filters;

fn load(start: i32, r: i32, s: i32) -> f32 {
  if (r >= R || s >= R) { return 0.0; }
  return f32(w[start + r * filters.row + s * filters.column]);
}

fn load_column(start: i32, s: i32) -> Six {
  return Six(load(start, 0, s), load(start, 1, s), load(start, 2, s), load(start, 3, s), load(start, 4, s), load(start, 5, s));
}

fn store_row(to: u32, stride: u32, row: Six) {
  u[to] = Acc(row[0]);
  u[to + stride] = Acc(row[1]);
  u[to + 2 * stride] = Acc(row[2]);
  u[to + 3 * stride] = Acc(row[3]);
  u[to + 4 * stride] = Acc(row[4]);
  u[to + 5 * stride] = Acc(row[5]);
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= filters.groups * filters.C * filters.K) { return; }
  let k = index % filters.K;
  let c = index / filters.K % filters.C;
  let g = index / (filters.K * filters.C);
  let start = filters.origin + i32(g) * filters.group + i32(k) * filters.k + i32(c) * filters.c;

  let points = transform_tile(array<Six, 6>(
    load_column(start, 0), load_column(start, 1), load_column(start, 2),
    load_column(start, 3), load_column(start, 4), load_column(start, 5),
  ));
  let stride = filters.groups * filters.C * filters.padded_k;
  let to = (g * filters.C + c) * filters.padded_k + k;
  store_row(to, stride, points[0]);
  store_row(to + 6 * stride, stride, points[1]);
  store_row(to + 12 * stride, stride, points[2]);
  store_row(to + 18 * stride, stride, points[3]);
  store_row(to + 24 * stride, stride, points[4]);
  store_row(to + 30 * stride, stride, points[5]);
}
