// The gradient of a slice: its elements at start, start + step, … of one dimension, zeros elsewhere.
// Seen as outer × size × inner; one invocation an output element, one read and one write each.
struct SliceBackward { outer: u32, size: u32, inner: u32, count: u32, start: u32, step: u32 }
@group(0) @binding(0) var<storage, read> g: array<Elem>;
@group(0) @binding(1) var<storage, read_write> dx: array<Elem>;
@group(0) @binding(2) var<uniform> p: SliceBackward;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_invocation(gid, groups, GROUP);
  if (i >= p.outer * p.size * p.inner) { return; }
  let at = i / p.inner % p.size;
  let place = (at - p.start) / p.step;
  let hit = at >= p.start && (at - p.start) % p.step == 0u && place < p.count;
  dx[i] = Elem(0);
  if (hit) { dx[i] = g[(i / (p.inner * p.size) * p.count + place) * p.inner + i % p.inner]; }
}
