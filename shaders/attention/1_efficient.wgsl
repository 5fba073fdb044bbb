// ATTENTION, EFFICIENT_ATTENTION: one query an invocation, the softmax made on the way; no matrix of scores anywhere.
//
// Idea: Σ exp(score)·v / Σ exp(score) needs no second walk if both sums are kept relative to the largest score so far:
// where a larger one turns up, both shrink by exp(old − new) and go on. An invocation holds its query and its result in
// registers and walks over keys and values, which neighbours read at the same time: the cache serves them together. The
// walks along a row take their length from the parameters: a compiler that unrolls them spends many seconds on large
// heads.
// Operations: 2·L·S·(E + Ev), and L·S exponentials. Bytes: 4·(E + Ev) read a pair, from the cache. Workspace: none,
// where MATH takes 4·L·S. Source: M. Rabe and C. Staats, Self-attention does not need O(n²) memory, 2021; the running
// softmax: M. Milakov and N. Gimelshein, 2018.
@group(0) @binding(3) var<storage, read_write> y: array<Elem>;
@group(0) @binding(4) var<uniform> a: Attention;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let row = linear_invocation(gid, groups, GROUP);
  if (row >= a.outer * a.inner * a.L) { return; }
  let l = row % a.L;
  let at = heads(a, row / a.L);

  var query: array<vec4<f32>, QUADS>;
  for (var i = 0u; i < (a.E + 3) / 4; i++) { query[i] = four_of_q(at.q + l * a.q_row, i) * a.scale; }
  var sum: array<vec4<f32>, VALUE_QUADS>;
  var top = LOWEST;
  var total = 0.0;
  let keys = keys_of(a, l);
  for (var s = 0u; s < keys; s++) {
    let extra = added(a, at.mask, l, s);
    if (is_forbidden(extra)) { continue; }
    var products = vec4(0.0);
    for (var i = 0u; i < (a.E + 3) / 4; i++) { products += query[i] * four_of_k(at.k + s * a.k_row, i); }
    let score = products.x + products.y + products.z + products.w + extra;
    if (score > top) {
      let shrink = torch_exp(top - score);
      top = score;
      total *= shrink;
      for (var i = 0u; i < (a.Ev + 3) / 4; i++) { sum[i] *= shrink; }
    }
    let weight = torch_exp(score - top);
    total += weight;
    for (var i = 0u; i < (a.Ev + 3) / 4; i++) { sum[i] += weight * four_of_v(at.v + s * a.v_row, i); }
  }
  // A query that may look at nothing takes nothing.
  let share = select(1 / total, 0.0, total == 0.0);
  for (var e = 0u; e < VALUE_SIZE; e++) { y[row * VALUE_SIZE + e] = Elem(sum[e / 4][e % 4] * share); }
}
