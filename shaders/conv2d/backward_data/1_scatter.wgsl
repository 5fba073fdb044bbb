// BACKWARD DATA, ALGO_0: each output scatters to the inputs that it read, with atomic additions.
//
// Idea: the forward loops run backwards. One invocation holds an output place (n, p, q) and an input channel c; for
// each tap it sums over the filters of the group and adds the result to dx. Several invocations meet in one element of
// dx, and the order of their additions is not fixed: equal inputs may give different last bits.
// Operations: 2·N·K·P·Q·(C/groups)·R·S, and N·C·P·Q·R·S atomic additions. Bytes read without a cache: 8 a
// multiplication; read and written: 8 an addition, more where invocations meet. Workspace: float32 sums where dx is
// float16.
@group(0) @binding(0) var<storage, read> dy: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> sums: array<atomic<u32>>;
@group(0) @binding(3) var<uniform> conv: Conv;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= conv.N * conv.C * conv.P * conv.Q) { return; }
  let q = index % conv.Q;
  let p = index / conv.Q % conv.P;
  let c = index / (conv.Q * conv.P) % conv.C;
  let n = index / (conv.Q * conv.P * conv.C);

  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let first_k = c / Cg * Kg;
  let taps = conv.R * conv.S;
  for (var r = 0u; r < conv.R; r++) {
    let h = i32(p * conv.stride_h + r * conv.dilation_h) - i32(conv.pad_top);
    if (h < 0 || h >= i32(conv.H)) { continue; }
    for (var s = 0u; s < conv.S; s++) {
      let v = i32(q * conv.stride_w + s * conv.dilation_w) - i32(conv.pad_left);
      if (v < 0 || v >= i32(conv.W)) { continue; }
      var from_y = ((n * conv.K + first_k) * conv.P + p) * conv.Q + q;
      var from_w = (first_k * Cg + c % Cg) * taps + r * conv.S + s;
      var sum = Acc(0);
      for (var k = 0u; k < Kg; k++) {
        sum += Acc(dy[from_y]) * Acc(w[from_w]);
        from_y += conv.P * conv.Q;
        from_w += Cg * taps;
      }
      atomic_add(((n * conv.C + c) * conv.H + u32(h)) * conv.W + u32(v), f32(sum));
    }
  }
}
