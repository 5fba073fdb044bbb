// POOLING, WORKGROUP: a workgroup makes one output; its invocations share out the elements under the window.
//
// Idea: a global pooling has few outputs and large windows. Neighbouring invocations read neighbouring elements, each
// makes a part, and the parts are joined by a tree in workgroup memory, always in the same order.
// Operations: R·S comparisons or additions an output, log2(GROUP) of them one after the other.
// Bytes: 4·R·S read and 4 written an output. Barriers: 1 + log2(GROUP).
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<uniform> pool: Pool;

var<workgroup> parts: array<State, GROUP>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let index = wid.y * groups.x + wid.x;
  if (index >= pool.planes * pool.P * pool.Q) { return; }
  let q = index % pool.Q;
  let p = index / pool.Q % pool.P;
  let plane = index / (pool.Q * pool.P);
  let h0 = i32(p * pool.stride_h) - i32(pool.pad_h);
  let v0 = i32(q * pool.stride_w) - i32(pool.pad_w);
  let rows = taps_inside(h0, pool.R, pool.dilation_h, pool.H);
  let columns = taps_inside(v0, pool.S, pool.dilation_w, pool.W);
  let width = max(1, columns.end - columns.first);
  let taps = max(0, rows.end - rows.first) * max(0, columns.end - columns.first);

  var state = nothing();
  for (var tap = i32(t); tap < taps; tap += i32(GROUP)) {
    let h = h0 + (rows.first + tap / width) * i32(pool.dilation_h);
    let v = v0 + (columns.first + tap % width) * i32(pool.dilation_w);
    state = take(state, fetch((plane * pool.H + u32(h)) * pool.W, v), h * i32(pool.W) + v, true);
  }
  parts[t] = state;
  for (var step = GROUP / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (t < step) { parts[t] = join(parts[t], parts[t + step]); }
  }
  if (t == 0u) { put(index, parts[0], 0u, p, q); }
}
