// BACKWARD DATA, ALGO_1, plain form: each element of dx gathers from the outputs that read it.
//
// dx[n,c,h,v] = sum over k,r,s of dy[n,k,p,q] * w[k,c,r,s], where h = p*stride_h - pad_top + r*dilation_h and v
// likewise.
// Idea: forward scatters one x to many y; turned around, each dx visits at most R·S places of every dy plane. A tap
// counts where the division by the stride leaves no remainder. No atomics, so equal inputs give equal bits.
// Operations: 2·N·C·H·W·(K/groups)·R·S / (stride_h·stride_w). Bytes read without a cache: 8 a multiplication.
// Workspace: none.
@group(0) @binding(0) var<storage, read> dy: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> dx: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= conv.N * conv.C * conv.H * conv.W) { return; }
  let h = index / conv.W % conv.H + conv.pad_top;
  let v = index % conv.W + conv.pad_left;
  let c = index / (conv.W * conv.H) % conv.C;
  let n = index / (conv.W * conv.H * conv.C);

  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let first_k = c / Cg * Kg;
  let taps = conv.R * conv.S;
  var sum = Acc(0);
  for (var r = 0u; r < conv.R; r++) {
    let p = h - r * conv.dilation_h;
    if (r * conv.dilation_h > h || p % conv.stride_h != 0 || p / conv.stride_h >= conv.P) { continue; }
    for (var s = 0u; s < conv.S; s++) {
      let q = v - s * conv.dilation_w;
      if (s * conv.dilation_w > v || q % conv.stride_w != 0 || q / conv.stride_w >= conv.Q) { continue; }
      var from_y = ((n * conv.K + first_k) * conv.P + p / conv.stride_h) * conv.Q + q / conv.stride_w;
      var from_w = (first_k * Cg + c % Cg) * taps + r * conv.S + s;
      for (var k = 0u; k < Kg; k++) {
        sum += Acc(dy[from_y]) * Acc(w[from_w]);
        from_y += conv.P * conv.Q;
        from_w += Cg * taps;
      }
    }
  }
  dx[index] = Elem(sum);
}
