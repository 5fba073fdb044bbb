// MAX POOL, GRADIENT, SCATTER: each window adds its dy at the place of its maximum, by atomic additions.
//
// Idea: one invocation a window, one addition each, where GATHER asks every element for all windows over it. Where
// windows overlap, several meet in one element, and the order of their additions is not fixed: equal inputs may give
// different last bits. (cuDNN has the same pair: CUDNN_POOLING_MAX and CUDNN_POOLING_MAX_DETERMINISTIC.)
// Operations: an atomic addition a window.
// Bytes: 8 read a window, 8 read and written. Workspace: float32 sums where dx is float16.
@group(0) @binding(0) var<storage, read> dy: array<Elem>;
@group(0) @binding(1) var<storage, read_write> sums: array<atomic<u32>>;
@group(0) @binding(2) var<uniform> pool: Pool;
@group(0) @binding(3) var<storage, read> places: array<i32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= pool.planes * pool.P * pool.Q) { return; }
  let place = places[index];
  if (place < 0) { return; }
  atomic_add(index / (pool.P * pool.Q) * pool.H * pool.W + u32(place), f32(dy[index]));
}
