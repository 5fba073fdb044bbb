// MAX POOL WITH INDICES: as 1_max.wgsl, and where in its H×W plane each largest element lies, for the gradient.
//
// Bytes: 4·R·S read (mostly from the cache) and 8 written an output. Of equal elements the first one counts, as in PyTorch.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Elem>;
@group(0) @binding(2) var<storage, read_write> indices: array<i32>;
@group(0) @binding(3) var<uniform> pool: Pool;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= pool.planes * pool.P * pool.Q) { return; }
  let plane = index / (pool.P * pool.Q) * pool.H * pool.W;
  let h0 = i32(index / pool.Q % pool.P * pool.stride_h) - i32(pool.pad_h);
  let w0 = i32(index % pool.Q * pool.stride_w) - i32(pool.pad_w);
  let rows = taps_inside(h0, pool.R, pool.dilation_h, pool.H);
  let columns = taps_inside(w0, pool.S, pool.dilation_w, pool.W);

  var best_at = place(h0, w0, rows.first, columns.first);
  var best = x[plane + best_at];
  for (var r = rows.first; r < rows.end; r++) {
    for (var s = columns.first; s < columns.end; s++) {
      let here = place(h0, w0, r, s);
      let element = x[plane + here];
      let wins = element > best || element != element;
      best = select(best, element, wins);
      best_at = select(best_at, here, wins);
    }
  }
  y[index] = best;
  indices[index] = i32(best_at);
}

fn place(h0: i32, w0: i32, r: i32, s: i32) -> u32 {
  return u32(h0 + r * i32(pool.dilation_h)) * pool.W + u32(w0 + s * i32(pool.dilation_w));
}
