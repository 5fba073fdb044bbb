// DIRECT with a 2×2 max pool: the definition, one invocation a window of four outputs.
//
// Idea: as 1_definition.wgsl, but an invocation keeps the four sums under a window, and a filter's element that is
// loaded serves all four. What remains of them is the largest; the convolution's own output never exists. Runs
// everything.
// Operations: 2·N·K·(C/groups)·R·S for each of the 4·⌊P/2⌋·⌊Q/2⌋ outputs under windows. Bytes read without a cache: 5
// for every multiplication, with a perfect one x and w once; written: 1 an output instead of 4. Workspace: none.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

// The element at row h and column v of a plane that begins at row `plane`; zero on padding.
fn element(plane: u32, h: i32, v: i32) -> Acc {
  let inside = h >= 0 && h < i32(conv.H) && v >= 0 && v < i32(conv.W);
  return select(Acc(0), Acc(x[select(0u, (plane + u32(h)) * conv.W + u32(v), inside)]), inside);
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  let height = conv.P / 2;
  let width = conv.Q / 2;
  if (index >= conv.N * conv.K * height * width) { return; }
  let q = index % width * 2;
  let p = index / width % height * 2;
  let k = index / (width * height) % conv.K;
  let n = index / (width * height * conv.K);

  let Cg = conv.C / conv.groups;
  let first_c = k / (conv.K / conv.groups) * Cg;
  let h0 = i32(p * conv.stride_h) - i32(conv.pad_top);
  let v0 = i32(q * conv.stride_w) - i32(conv.pad_left);
  let down = i32(conv.stride_h);
  let right = i32(conv.stride_w);

  var sums = vec4<Acc>();
  for (var c = 0u; c < Cg; c++) {
    let x_plane = (n * conv.C + first_c + c) * conv.H;
    let w_plane = (k * Cg + c) * conv.R;
    for (var r = 0u; r < conv.R; r++) {
      let h = h0 + i32(r * conv.dilation_h);
      for (var s = 0u; s < conv.S; s++) {
        let v = v0 + i32(s * conv.dilation_w);
        let tap = Acc(w[(w_plane + r) * conv.S + s]);
        sums += tap * vec4(
          element(x_plane, h, v), element(x_plane, h, v + right),
          element(x_plane, h + down, v), element(x_plane, h + down, v + right),
        );
      }
    }
  }
  y[index] = Elem(largest(sums, ((n * conv.K + k) * conv.P + p) * conv.Q + q, conv.Q, k));
}
