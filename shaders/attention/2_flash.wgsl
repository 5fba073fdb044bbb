// ATTENTION, FLASH_ATTENTION: a workgroup takes GROUP queries through tiles of KEYS keys and values in workgroup
// memory.
//
// Idea: as 1_efficient.wgsl, but every key and value is read from memory once for GROUP queries. Each invocation keeps
// its own query and result, so nothing has to be joined. As there, walks take their lengths from the parameters: a
// compiler that unrolled the one over a tile would make KEYS copies of the running softmax.
// Operations: 2·L·S·(E + Ev), and L·S exponentials. Bytes: 4·S·(E + Ev) read for each GROUP queries. Barriers: 2 a
// tile.
// Workspace: none. Source: T. Dao and others, FlashAttention, 2022 (the order of the loops is that of FlashAttention-2,
// 2023).
@group(0) @binding(3) var<storage, read_write> y: array<Elem>;
@group(0) @binding(4) var<uniform> a: Attention;

var<workgroup> keys: array<vec4<f32>, KEYS * QUADS>;
var<workgroup> values: array<vec4<f32>, KEYS * VALUE_QUADS>;

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let tiles = (a.L + GROUP - 1) / GROUP;
  let tile = wid.y * groups.x + wid.x;
  if (tile >= a.outer * a.inner * tiles) { return; }
  let batch = tile / tiles;
  let at = heads(a, batch);
  let first_l = tile % tiles * GROUP;
  let l = min(first_l + t, a.L - 1);
  let mine = keys_of(a, l);
  // The last query of the tile looks furthest.
  let end = keys_of(a, min(first_l + GROUP, a.L) - 1);

  var query: array<vec4<f32>, QUADS>;
  for (var i = 0u; i < (a.E + 3) / 4; i++) { query[i] = four_of_q(at.q + l * a.q_row, i) * a.scale; }
  var sum: array<vec4<f32>, VALUE_QUADS>;
  var top = LOWEST;
  var total = 0.0;
  for (var first = 0u; first < end; first += KEYS) {
    workgroupBarrier();
    for (var j = t; j < KEYS * QUADS; j += GROUP) { keys[j] = four_of_k(at.k + min(first + j / QUADS, a.S - 1) * a.k_row, j % QUADS); }
    for (var j = t; j < KEYS * VALUE_QUADS; j += GROUP) { values[j] = four_of_v(at.v + min(first + j / VALUE_QUADS, a.S - 1) * a.v_row, j % VALUE_QUADS); }
    workgroupBarrier();

    for (var s = first; s < min(first + KEYS, mine); s++) {
      let extra = added(a, at.mask, l, s);
      if (is_forbidden(extra)) { continue; }
      let key = (s - first) * QUADS;
      var products = vec4(0.0);
      for (var i = 0u; i < (a.E + 3) / 4; i++) { products += query[i] * keys[key + i]; }
      let score = products.x + products.y + products.z + products.w + extra;
      if (score > top) {
        let shrink = torch_exp(top - score);
        top = score;
        total *= shrink;
        for (var i = 0u; i < (a.Ev + 3) / 4; i++) { sum[i] *= shrink; }
      }
      let weight = torch_exp(score - top);
      total += weight;
      let value = (s - first) * VALUE_QUADS;
      for (var i = 0u; i < (a.Ev + 3) / 4; i++) { sum[i] += weight * values[value + i]; }
    }
  }
  if (first_l + t >= a.L) { return; }
  // A query that may look at nothing takes nothing.
  let share = select(1 / total, 0.0, total == 0.0);
  let to = (batch * a.L + l) * VALUE_SIZE;
  for (var e = 0u; e < VALUE_SIZE; e++) { y[to + e] = Elem(sum[e / 4][e % 4] * share); }
}
