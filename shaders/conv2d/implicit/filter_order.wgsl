// IMPLICIT_PRECOMP_GEMM, second of three kernels: the filters in the order in which they are read.
//
// Idea: the product walks over channels tap by tap and takes neighbouring filters together, so they are laid out as
// ordered[group][tap][channel][filter]; a group's filters are filled up with zeros to a multiple of four.
// One invocation an element of the copy. Bytes: 4 read and 4 written. Operations: none.
@group(0) @binding(0) var<storage, read> w: array<Elem>;
@group(0) @binding(1) var<storage, read_write> ordered: array<Elem>;
@group(0) @binding(2) var<uniform> conv: Conv;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let taps = conv.R * conv.S;
  let filters = filled(Kg);
  if (index >= conv.groups * taps * Cg * filters) { return; }
  let k = index % filters;
  let c = index / filters % Cg;
  let tap = index / (filters * Cg) % taps;
  let group = index / (filters * Cg * taps);
  ordered[index] = select(Elem(0), w[((group * Kg + k) * Cg + c) * taps + tap], k < Kg);
}
