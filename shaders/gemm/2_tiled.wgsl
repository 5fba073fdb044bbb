// TILED: a workgroup shares tiles of a and b in workgroup memory.
//
// Idea: TILE×TILE invocations make a TILE×TILE tile of c. They walk along K together: each step loads one tile of a and
// one of b into workgroup memory, one element an invocation, and every loaded element is then used TILE times.
// Operations: 2·M·N·K. Bytes read from buffers: 8·M·N·K / TILE. Workspace: none; workgroup memory: two tiles.
// Source: the classic shared-memory matmul of the CUDA C++ Programming Guide, "Shared Memory".
@group(0) @binding(0) var<storage, read> a: array<Elem>;
@group(0) @binding(1) var<storage, read> b: array<Elem>;
@group(0) @binding(2) var<storage, read_write> c: array<Out>;
@group(0) @binding(3) var<uniform> gemm: Gemm;

var<workgroup> a_tile: array<array<Acc, TILE>, TILE>;
var<workgroup> b_tile: array<array<Acc, TILE>, TILE>;

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lid: vec3<u32>) {
  let tile = wid.y * groups.x + wid.x;
  let tiles_n = (gemm.N + TILE - 1) / TILE;
  let tiles_m = (gemm.M + TILE - 1) / TILE;
  let batch = tile / (tiles_n * tiles_m);
  let at = product(gemm, batch);
  let n = tile % tiles_n * TILE + lid.x;
  let m = tile / tiles_n % tiles_m * TILE + lid.y;

  var sum = Acc(0);
  for (var k0 = 0u; k0 < gemm.K; k0 += TILE) {
    let ka = k0 + lid.x;
    let kb = k0 + lid.y;
    a_tile[lid.y][lid.x] = Acc(0);
    b_tile[lid.y][lid.x] = Acc(0);
    if (m < gemm.M && ka < gemm.K) { a_tile[lid.y][lid.x] = Acc(a[at.a + m * gemm.a_row + ka * gemm.a_column]); }
    if (n < gemm.N && kb < gemm.K) { b_tile[lid.y][lid.x] = Acc(b[at.b + kb * gemm.b_row + n * gemm.b_column]); }
    workgroupBarrier();
    for (var k = 0u; k < TILE; k++) { sum += a_tile[lid.y][k] * b_tile[k][lid.x]; }
    workgroupBarrier();
  }
  if (m < gemm.M && n < gemm.N && batch < gemm.outer * gemm.inner) {
    let to = at.c + m * gemm.c_row + n;
    c[to] = Out(epilogue(sum, to, channel(gemm, at.inner, m, n)));
  }
}
