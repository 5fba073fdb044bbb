// WINOGRAD: F(2×2, 3×3) fused. Input tiles, products and output tiles never leave the registers.
//
// Idea: 4 outputs of a 3×3 filter take 36 multiplications directly and 16 by Winograd. An invocation keeps the 16 points of
// 2 neighbouring tiles × BLOCK_K output channels in registers. For every input channel it loads 4×6 inputs (the tiles
// share 2 columns), transforms them with 64 additions, and multiplies point by point with the transformed filters, which all
// invocations of a workgroup share and so find in the cache. Only the sums are transformed back. No barriers.
// Operations: 2·16/36 of the direct method's, and the transform of each input once for every BLOCK_K output channels.
// Workspace: the transformed filters alone, which is what fusing is for. Accumulation: sequential over channels.
// Source: Lavin and Gray, arXiv 1509.09308, section 4.1.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> u: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> f: Correlation;

// & and not &&: the conditions stay the same while c runs, and a compiler that splits a loop by the branches of && would
// double it for every one of them.
fn load(plane: u32, h: i32, w: i32) -> f32 {
  let inside = (h >= 0) & (h < i32(f.H)) & (w >= 0) & (w < i32(f.W));
  return select(0.0, f32(x[select(0u, (plane + u32(h)) * f.W + u32(w), inside)]), inside);
}

fn load_column(plane: u32, h: i32, w: i32) -> vec4<f32> {
  return vec4<f32>(load(plane, h, w), load(plane, h + 1, w), load(plane, h + 2, w), load(plane, h + 3, w));
}

fn load_filter(at: u32) -> mat4x4<f32> { return mat4x4<f32>(u[at], u[at + 1], u[at + 2], u[at + 3]); }

fn store(channel: u32, plane: u32, p: u32, q: u32, sum: f32) {
  if (p < f.P && q < f.Q) {
    let to = (plane + p) * f.Q + q;
    y[to] = Elem(epilogue(sum, to, channel));
  }
}

fn store_tile(channel: u32, plane: u32, p: u32, q: u32, points: mat4x4<f32>) {
  let outputs = output_transform(points);
  store(channel, plane, p, q, outputs[0][0]);
  store(channel, plane, p + 1, q, outputs[0][1]);
  store(channel, plane, p, q + 1, outputs[1][0]);
  store(channel, plane, p + 1, q + 1, outputs[1][1]);
}

// Both tiles of output channel k of group g.
fn store_channel(n: u32, g: u32, k: u32, p: u32, q: u32, left: mat4x4<f32>, right: mat4x4<f32>) {
  if (k < f.K) {
    let channel = g * f.K + k;
    let plane = (n * f.groups * f.K + channel) * f.P;
    store_tile(channel, plane, p, q, left);
    store_tile(channel, plane, p, q + 2, right);
  }
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let rows = (f.P + 1) / 2;
  let pairs = (f.Q + 3) / 4;
  let blocks = (f.K + BLOCK_K - 1) / BLOCK_K;
  let index = linear_invocation(gid, groups, GROUP);
  let q = index % pairs * 4;
  let p = index / pairs % rows * 2;
  let n = index / (pairs * rows) % f.N;
  let k = index / (pairs * rows * f.N) % blocks * BLOCK_K;
  let g = index / (pairs * rows * f.N * blocks);
  if (g >= f.groups) { return; }
  let h = i32(p) - f.pad_top;
  let w = i32(q) - f.pad_left;

  var left0 = mat4x4<f32>();
  var right0 = mat4x4<f32>();
  var left1 = mat4x4<f32>();
  var right1 = mat4x4<f32>();
  var left2 = mat4x4<f32>();
  var right2 = mat4x4<f32>();
  var left3 = mat4x4<f32>();
  var right3 = mat4x4<f32>();
  var plane = (n * f.groups + g) * f.C * f.H;
  var filters = 4 * (g * f.C * blocks * BLOCK_K + k);
  for (var c = 0u; c < f.C; c++) {
    let d2 = load_column(plane, h, w + 2);
    let d3 = load_column(plane, h, w + 3);
    let left = input_transform(load_column(plane, h, w), load_column(plane, h, w + 1), d2, d3);
    let right = input_transform(d2, d3, load_column(plane, h, w + 4), load_column(plane, h, w + 5));
    let u0 = load_filter(filters);
    left0 = multiply_add(left0, u0, left);
    right0 = multiply_add(right0, u0, right);
    let u1 = load_filter(filters + 4);
    left1 = multiply_add(left1, u1, left);
    right1 = multiply_add(right1, u1, right);
    if (BLOCK_K > 2) {
      let u2 = load_filter(filters + 8);
      left2 = multiply_add(left2, u2, left);
      right2 = multiply_add(right2, u2, right);
      let u3 = load_filter(filters + 12);
      left3 = multiply_add(left3, u3, left);
      right3 = multiply_add(right3, u3, right);
    }
    plane += f.H;
    filters += 4 * blocks * BLOCK_K;
  }

  store_channel(n, g, k, p, q, left0, right0);
  store_channel(n, g, k + 1, p, q, left1, right1);
  if (BLOCK_K > 2) {
    store_channel(n, g, k + 2, p, q, left2, right2);
    store_channel(n, g, k + 3, p, q, left3, right3);
  }
}
