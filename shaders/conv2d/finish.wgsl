// FINISH: what a convolution ends in, for kernels that write the bare sums.
//
// Idea: bias, residual and activation in a launch of their own; one invocation an element. Kernels that end in them
// save this.
// Operations: those of the epilogue. Bytes: 8 an element, and what the epilogue reads. Workspace: the sums, of y's
// size.
@group(0) @binding(0) var<storage, read> sums: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Elem>;
@group(0) @binding(2) var<uniform> conv: Conv;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= conv.N * conv.K * conv.P * conv.Q) { return; }
  y[index] = Elem(epilogue(Acc(sums[index]), index, index / (conv.P * conv.Q) % conv.K));
}
