// DIRECT, depthwise, with workgroup memory: tiles of outputs over patches of x.
//
// Idea: an element of x serves one filter only, but R·S outputs of it. A workgroup makes tiles of TILE_P×TILE_Q outputs
// of PLANES filters over patches of their channels (patches/patch.wgsl), so that each element is read from its buffer
// once and R·S times from workgroup memory. Nothing slides, so this one takes strides and dilation too.
// Operations: 2·N·K·P·Q·R·S. Bytes read from buffers: 4·PATCH_H·PATCH_W/(TILE_P·TILE_Q) an output, and the filters;
// from workgroup memory: 4 a multiplication. Workspace: none. Barriers: one. Needs one input channel a group.
// Source: V. Podlozhnyuk, "Image Convolution with CUDA", 2007: a tile and its apron in shared memory.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

// The sums of one filter.
alias Sums = array<Four, 2>;

// A patch's planes belong to filters, of which K/C neighbours read one channel; both are counted through all images.
fn plane_of(first: u32, i: u32) -> u32 { return (first + i) / (conv.K / conv.C); }

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let number = wid.y * groups.x + wid.x;
  let tiles_k = (conv.K + PLANES - 1) / PLANES;
  let k0 = number % tiles_k * PLANES;
  let tile = tile_at(number / tiles_k);
  fetch_patch(tile, tile.n * conv.K + k0, conv.K - k0, thread);
  workgroupBarrier();

  let plane = thread / THREADS_N;
  let lane = thread % THREADS_N;
  let k = k0 + plane;
  let corners = corners_of(lane);
  var sum = Eight();
  for (var r = 0u; r < conv.R; r++) {
    for (var s = 0u; s < conv.S; s++) {
      let tap = Acc(w[(k * conv.R + r) * conv.S + s]);
      let elements = under(corners, distance_of(plane, r, s));
      sum = Eight(sum.lo + tap * elements.lo, sum.hi + tap * elements.hi);
    }
  }
  if (k >= conv.K) { return; }
  var sums = Sums(sum.lo, sum.hi);
  for (var i = 0u; i < STORES; i++) { put(&sums, i, k, tile, lane); }
}
