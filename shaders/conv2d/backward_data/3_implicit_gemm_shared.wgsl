// BACKWARD DATA, ALGO_1 with workgroup memory: the product of 2_implicit_gemm.wgsl by tiles.
//
// Idea: the tile of dy's columns is gathered straight into workgroup memory, TILE_K filters under one tap at a time.
// Each invocation fills one column of it, so it works out once a tap which output its pixel fed. A workgroup stays in
// one phase of the pixels and passes over the taps that do not meet it.
// Operations: 2·N·C·H·W·(K/groups)·R·S / (stride_h·stride_w); filters are filled up to a multiple of TILE_K. Bytes read
// from buffers: 4 for every TILE_M multiplications (dy) and for every TILE_N (w). Workspace: none. Barriers: two for
// every TILE_K filters of a tap.
@group(0) @binding(0) var<storage, read> dy: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> dx: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

// The filters of a step under its tap: where they begin in w and how far apart they lie there; where they begin in dy
// at this invocation's pixel, and whether the pixel fed an output; and how many filters are left.
struct Step { w: u32, next: u32, dy: u32, inside: bool, left: u32 }

fn fetch_a(step: Step, i: u32) {
  let k = i / TILE_M;
  let element = w[step.w + k * step.next + i % TILE_M * conv.R * conv.S];
  a_tile[i] = select(Acc(0), Acc(element), k < step.left);
}

fn fetch_b(step: Step, i: u32) {
  let k = i / TILE_N;
  b_tile[i] = select(Acc(0), Acc(dy[step.dy + k * conv.P * conv.Q]), step.inside && k < step.left);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let Cg = conv.C / conv.groups;
  let Kg = conv.K / conv.groups;
  let tile = wid.y * groups.x + wid.x;
  let tiles_c = (Cg + TILE_M - 1) / TILE_M;
  let c0 = tile % tiles_c * TILE_M;
  let group = tile / tiles_c % conv.groups;
  let phase = phase_of(tile / (tiles_c * conv.groups));
  let first_pixel = tile / (tiles_c * conv.groups * conv.stride_h * conv.stride_w) * TILE_N;

  // The column of the tile that this invocation fills; THREADS is a multiple of TILE_N.
  let pixel = pixels_from(vec4(first_pixel + thread % TILE_N), phase);
  let plane = (pixel.n.x * conv.K + group * Kg) * conv.P;

  var sum = Unit();
  for (var r = 0u; r < conv.R; r++) {
    if (!row_meets(phase, r)) { continue; }
    // A tap beyond the first output gives a huge number here, which is no output either.
    let p = (pixel.h.x + conv.pad_top - r * conv.dilation_h) / conv.stride_h;
    for (var s = 0u; s < conv.S; s++) {
      if (!column_meets(phase, s)) { continue; }
      let q = (pixel.v.x + conv.pad_left - s * conv.dilation_w) / conv.stride_w;
      let inside = p < conv.P && q < conv.Q;
      let from_dy = (plane + p) * conv.Q + q;
      for (var k0 = 0u; k0 < Kg; k0 += TILE_K) {
        let from_w = (((group * Kg + k0) * Cg + c0) * conv.R + r) * conv.S + s;
        sum = add_step(sum, Step(from_w, Cg * conv.R * conv.S, from_dy + k0 * conv.P * conv.Q, inside, Kg - k0), thread);
      }
    }
  }

  let c = c0 + thread / THREADS_N * 8;
  let to = first_pixel + thread % THREADS_N;
  var sums = fours_of(sum);
  for (var i = 0u; i < 64; i++) {
    if (c + i / 8 < Cg) { put(sums[i / 4][i % 4], group * Cg + c + i / 8, pixels_from(vec4(to + i % 8 * THREADS_N), phase)); }
  }
}
