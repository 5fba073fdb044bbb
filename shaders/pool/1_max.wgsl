// MAX POOL: the largest element under each window, and its place; padding never wins.
//
// Idea: one invocation an output. The taps that fall on padding are cut off before the loops, so the loops have no test.
// What is kept of the pair (value, place) is a file of its own: keep_value.wgsl, keep_place.wgsl, or keep_both.wgsl.
// Bytes: 4·R·S read (mostly from the cache, where windows overlap) and 4 or 8 written an output.
// A place is h·W + v in its plane. Among equals the first wins; a NaN wins over all, as in PyTorch.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<uniform> pool: Pool;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= pool.planes * pool.P * pool.Q) { return; }
  let plane = index / (pool.P * pool.Q) * pool.H * pool.W;
  let h0 = i32(index / pool.Q % pool.P * pool.stride_h) - i32(pool.pad_h);
  let w0 = i32(index % pool.Q * pool.stride_w) - i32(pool.pad_w);
  let rows = taps_inside(h0, pool.R, pool.dilation_h, pool.H);
  let columns = taps_inside(w0, pool.S, pool.dilation_w, pool.W);

  var best = Elem(pool.minus_infinity);
  var best_place = -1;
  for (var r = rows.first; r < rows.end; r++) {
    for (var s = columns.first; s < columns.end; s++) {
      let place = (h0 + r * i32(pool.dilation_h)) * i32(pool.W) + w0 + s * i32(pool.dilation_w);
      let element = x[plane + u32(place)];
      let wins = best_place < 0 || (!is_nan(f32(best)) && (element > best || is_nan(f32(element))));
      best = select(best, element, wins);
      best_place = select(best_place, place, wins);
    }
  }
  keep(index, best, best_place);
}
