// WINOGRAD: F(2×2, 3×3) fused. Input tiles, products and output tiles never leave the registers.
//
// Idea: 4 outputs of a 3×3 filter take 36 multiplications directly and 16 by Winograd. An invocation keeps the 16
// points of 2 neighbouring tiles × BLOCK_K output channels in registers. For every input channel it loads 4×6 inputs
// (the tiles share 2 columns), transforms them with 64 additions, and multiplies point by point with the transformed
// filters, which all invocations of a workgroup share (filters_alone.wgsl, filters_together.wgsl). Only the sums are
// transformed back. No barriers.
// Operations: 2·16/36 of the direct method's, and the transform of each input once for every BLOCK_K output channels.
// Bytes read: 96 of x and 64·BLOCK_K of filters for every 64·BLOCK_K multiplications, mostly from the cache.
// Workspace: the transformed filters alone, which is what fusing is for. Accumulation: sequential over channels.
// Source: Lavin and Gray, arXiv 1509.09308, section 4.1.

// Blocks of output channels in a group.
fn blocks() -> u32 { return (f.K + BLOCK_K - 1) / BLOCK_K; }

fn run(index: u32, block: u32, lane: u32) {
  let pair = pair_at(index);
  let k = block % blocks() * BLOCK_K;
  let g = block / blocks();

  var left0 = Points();
  var right0 = Points();
  var left1 = Points();
  var right1 = Points();
  var left2 = Points();
  var right2 = Points();
  var left3 = Points();
  var right3 = Points();
  var plane = (pair.n * f.groups + g) * f.C * f.H;
  var filters = 4 * (g * f.C * blocks() * BLOCK_K + k);
  for (var c = 0u; c < f.C; c++) {
    let tiles = load_tiles(pair, plane);
    let u0 = load_filter(filters, lane);
    left0 = multiply_add(left0, u0, tiles.left);
    right0 = multiply_add(right0, u0, tiles.right);
    let u1 = load_filter(filters + 4, lane);
    left1 = multiply_add(left1, u1, tiles.left);
    right1 = multiply_add(right1, u1, tiles.right);
    if (BLOCK_K > 2) {
      let u2 = load_filter(filters + 8, lane);
      left2 = multiply_add(left2, u2, tiles.left);
      right2 = multiply_add(right2, u2, tiles.right);
      let u3 = load_filter(filters + 12, lane);
      left3 = multiply_add(left3, u3, tiles.left);
      right3 = multiply_add(right3, u3, tiles.right);
    }
    plane += f.H;
    filters += 4 * blocks() * BLOCK_K;
  }

  store_channel(pair, g, k, left0, right0);
  store_channel(pair, g, k + 1, left1, right1);
  if (BLOCK_K > 2) {
    store_channel(pair, g, k + 2, left2, right2);
    store_channel(pair, g, k + 3, left3, right3);
  }
}
