// WINOGRAD with workgroup memory: the fused F(2×2, 3×3) of 1_fused.wgsl by tiles.
//
// Idea: a workgroup makes PAIRS pairs of image tiles × 2·THREADS_K output channels. For TILE_K input channels at a time
// it transforms each image tile once, not once for every block of output channels, and keeps it in workgroup memory
// beside the filters; each invocation then multiplies point by point what 2 image tiles and 2 output channels need.
// Operations: 2·16/36 of the direct method's, and the transform of each input once for every 2·THREADS_K output
// channels.
// Bytes read from buffers: 64 a filter for every 2·PAIRS tiles, and 96 a pair for every 2·THREADS_K channels; from
// workgroup memory: 4 a multiplication. Workspace: the transformed filters. Barriers: two for every TILE_K input
// channels.
// Source: Lavin and Gray, arXiv 1509.09308, section 4.1.
const PAIRS = 8u;
const TILE_K = 8u;
const CHANNELS = 2 * THREADS_K;
const THREADS = PAIRS * THREADS_K;

// One column of points after the other, so that neighbouring invocations read neighbouring vectors: of tiles, first all
// that lie left in their pair; of filters, in the order of their output channels.
var<workgroup> v_tile: array<vec4<Acc>, TILE_K * 4 * 2 * PAIRS>;
var<workgroup> u_tile: array<vec4<Acc>, TILE_K * 4 * CHANNELS>;

fn keep(at: u32, v: Points) {
  v_tile[at] = v[0];
  v_tile[at + 2 * PAIRS] = v[1];
  v_tile[at + 4 * PAIRS] = v[2];
  v_tile[at + 6 * PAIRS] = v[3];
}

fn kept_tile(at: u32) -> Points { return Points(v_tile[at], v_tile[at + 2 * PAIRS], v_tile[at + 4 * PAIRS], v_tile[at + 6 * PAIRS]); }

fn kept_filter(at: u32) -> Points { return Points(u_tile[at], u_tile[at + CHANNELS], u_tile[at + 2 * CHANNELS], u_tile[at + 3 * CHANNELS]); }

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let tile = wid.y * groups.x + wid.x;
  let rows = (pair_count() + PAIRS - 1) / PAIRS;
  let blocks = (f.K + CHANNELS - 1) / CHANNELS;
  let first_pair = tile % rows * PAIRS;
  let k0 = tile / rows % blocks * CHANNELS;
  let g = tile / (rows * blocks);
  let padded_k = (f.K + BLOCK_K - 1) / BLOCK_K * BLOCK_K;

  var left0 = Points();
  var right0 = Points();
  var left1 = Points();
  var right1 = Points();
  for (var c0 = 0u; c0 < f.C; c0 += TILE_K) {
    for (var i = thread; i < TILE_K * PAIRS; i += THREADS) {
      let step = i / PAIRS;
      let pair = pair_at(first_pair + i % PAIRS);
      var tiles = Tiles();
      if (c0 + step < f.C) { tiles = load_tiles(pair, ((pair.n * f.groups + g) * f.C + c0 + step) * f.H); }
      keep(step * 8 * PAIRS + i % PAIRS, tiles.left);
      keep(step * 8 * PAIRS + PAIRS + i % PAIRS, tiles.right);
    }
    for (var i = thread; i < TILE_K * 4 * CHANNELS; i += THREADS) {
      let step = i / (4 * CHANNELS);
      let column = u[4 * ((g * f.C + c0 + step) * padded_k + k0) + i % (4 * CHANNELS)];
      u_tile[step * 4 * CHANNELS + i % 4 * CHANNELS + i / 4 % CHANNELS] = select(vec4<Acc>(), column, c0 + step < f.C);
    }
    workgroupBarrier();
    for (var step = 0u; step < TILE_K; step++) {
      let left = kept_tile(step * 8 * PAIRS + thread % PAIRS);
      let right = kept_tile(step * 8 * PAIRS + PAIRS + thread % PAIRS);
      let u0 = kept_filter(step * 4 * CHANNELS + thread / PAIRS);
      left0 = multiply_add(left0, u0, left);
      right0 = multiply_add(right0, u0, right);
      let u1 = kept_filter(step * 4 * CHANNELS + THREADS_K + thread / PAIRS);
      left1 = multiply_add(left1, u1, left);
      right1 = multiply_add(right1, u1, right);
    }
    workgroupBarrier();
  }

  if (g >= f.groups) { return; }
  let pair = pair_at(first_pair + thread % PAIRS);
  store_channel(pair, g, k0 + thread / PAIRS, left0, right0);
  store_channel(pair, g, k0 + THREADS_K + thread / PAIRS, left1, right1);
}
