// FFT, the product: at every point of the spectrum a complex matrix product over the depth, c = conj(a)ᵀ · b.
//
// Idea: a correlation of planes is a product of their spectra, one of them conjugated. Summed over channels (or, for
// the filter's gradient, over tiles) this is a matrix product of complex numbers, one for each point and group, and
// where the time goes. Both operands lie depth first, so an invocation reads 4·QUADS adjacent numbers of a and 2·PAIRS
// of b a step and makes all their products, up to 8×4 of four real multiplications, in registers: no barriers, no
// workgroup memory. The columns are tiles, of one image or of many. Rows are padded to whole blocks.
// Operations: 8·M·N·depth a point. Bytes read: 8·M·N·depth·(1/(4·QUADS) + 1/(2·PAIRS)).
// Source: M. Mathieu, M. Henaff and Y. LeCun, Fast Training of Convolutional Networks through FFTs, 2013 (arXiv
// 1312.5851). Where the depth does not fit the workspace at once, later launches add to what the first has stored.
struct Product { m2: u32, n2: u32, depth: u32, count: u32, accumulate: u32 }
@group(0) @binding(0) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> job: Product;

// Four rows of the block, two numbers each.
alias Quad = mat4x4<f32>;

// conj(a)·b = Re a·b + Im a·(−i·b), for 4 numbers of a (two vectors) and 2 of b.
fn products(a0: vec4<f32>, a1: vec4<f32>, b: vec4<f32>) -> Quad {
  let turned = vec4<f32>(b.y, -b.x, b.w, -b.z);
  return Quad(a0.x * b + a0.y * turned, a0.z * b + a0.w * turned, a1.x * b + a1.y * turned, a1.z * b + a1.w * turned);
}

fn store(at: u32, row: vec4<f32>) {
  if (job.accumulate != 0) { c[at] += row; } else { c[at] = row; }
}

fn store_rows(to: u32, rows: Quad) {
  store(to, rows[0]);
  store(to + job.n2, rows[1]);
  store(to + 2 * job.n2, rows[2]);
  store(to + 3 * job.n2, rows[3]);
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let blocks_n = job.n2 / PAIRS;
  let blocks_m = job.m2 / (2 * QUADS);
  let index = linear_invocation(gid, groups, GROUP);
  let n = index % blocks_n * PAIRS;
  let m = index / blocks_n % blocks_m * 2 * QUADS;
  let batch = index / (blocks_n * blocks_m);
  if (batch >= job.count) { return; }

  // Rows 0–3 and 4–7, each a left and a right half.
  var left0 = Quad();
  var right0 = Quad();
  var left1 = Quad();
  var right1 = Quad();
  var a_at = batch * job.depth * job.m2 + m;
  var b_at = batch * job.depth * job.n2 + n;
  for (var d = 0u; d < job.depth; d++) {
    let a0 = a[a_at];
    let a1 = a[a_at + 1];
    let b0 = b[b_at];
    left0 += products(a0, a1, b0);
    if (PAIRS > 1) { right0 += products(a0, a1, b[b_at + 1]); }
    if (QUADS > 1) {
      let a2 = a[a_at + 2];
      let a3 = a[a_at + 3];
      left1 += products(a2, a3, b0);
      if (PAIRS > 1) { right1 += products(a2, a3, b[b_at + 1]); }
    }
    a_at += job.m2;
    b_at += job.n2;
  }

  let to = (batch * job.m2 + m) * 2 * job.n2 + n;
  store_rows(to, left0);
  if (PAIRS > 1) { store_rows(to + 1, right0); }
  if (QUADS > 1) {
    let below = to + 4 * job.n2;
    store_rows(below, left1);
    if (PAIRS > 1) { store_rows(below + 1, right1); }
  }
}
