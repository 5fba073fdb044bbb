// Bitonic sort (Batcher, 1968) inside blocks of 2·GROUP pairs in workgroup memory: the merges of spans first_span to
// last_span, each with the distances that fit into a block. Longer distances are exchange's.
// Bytes: each pair is read and written once, 16 bytes; comparisons: log2(block) a merge for each two pairs.
struct Block { total: u32, padded: u32, first_span: u32, last_span: u32 }
@group(0) @binding(0) var<storage, read_write> pairs: array<vec2<u32>>;
@group(0) @binding(1) var<uniform> p: Block;

const BLOCK = 2u * GROUP;
var<workgroup> tile: array<vec2<u32>, BLOCK>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let base = (group.y * groups.x + group.x) * BLOCK;
  for (var e = t; e < BLOCK; e += GROUP) {
    if (base + e < p.total) { tile[e] = pairs[base + e]; }
  }
  for (var span = p.first_span; span <= p.last_span; span *= 2u) {
    for (var distance = min(span / 2u, GROUP); distance > 0u; distance /= 2u) {
      workgroupBarrier();
      let low = 2u * t - t % distance;
      let high = low + distance;
      let descends = (((base + low) % p.padded) & span) != 0u;
      if (after(tile[low], tile[high]) != descends) {
        let kept = tile[low];
        tile[low] = tile[high];
        tile[high] = kept;
      }
    }
  }
  workgroupBarrier();
  for (var e = t; e < BLOCK; e += GROUP) {
    if (base + e < p.total) { pairs[base + e] = tile[e]; }
  }
}
