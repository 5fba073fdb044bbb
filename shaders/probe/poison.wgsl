// POISON: fills a buffer with NaN (as float32 and as float16 alike), so that an element which a kernel leaves out is
// seen.
@group(0) @binding(0) var<storage, read_write> words: array<u32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index < arrayLength(&words)) { words[index] = 0x7fff7fffu; }
}
