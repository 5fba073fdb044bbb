// One step of a bitonic merge across blocks: pairs that lie `distance` apart are put in order.
// One invocation for two pairs; 16 bytes read, up to 16 written, one comparison.
struct Exchange { total: u32, padded: u32, span: u32, distance: u32 }
@group(0) @binding(0) var<storage, read_write> pairs: array<vec2<u32>>;
@group(0) @binding(1) var<uniform> p: Exchange;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = linear_invocation(gid, groups, GROUP);
  let low = 2u * i - i % p.distance;
  if (low >= p.total) { return; }
  let descends = ((low % p.padded) & p.span) != 0u;
  let a = pairs[low];
  let b = pairs[low + p.distance];
  if (after(a, b) != descends) {
    pairs[low] = b;
    pairs[low + p.distance] = a;
  }
}
