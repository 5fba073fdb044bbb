// Tiles of a and b in workgroup memory, TILE_K steps of the sum deep, and the 8×8 block of sums that each invocation
// makes of them.
//
// Idea: THREADS_M×THREADS_N invocations make a tile of 8·THREADS_M rows and 8·THREADS_N columns. Every element that is
// loaded once from a buffer is read 8·THREADS_N (a) or 8·THREADS_M (b) times from workgroup memory, eight at a time.
// Neighbouring invocations take neighbouring columns, so reads of b and stores of the result are side by side.
// The kernel that is linked with this file says what the tiles hold: fetch_a(step, i) and fetch_b(step, i) bring
// element i of the tiles of a step, and leave zeros where the sum has ended.
const TILE_M = 8 * THREADS_M;
const TILE_N = 8 * THREADS_N;
const TILE_K = 8u;

var<workgroup> a_tile: array<Acc, TILE_M * TILE_K>;
var<workgroup> b_tile: array<Acc, TILE_N * TILE_K>;

alias Sums = array<array<Four, 16>, 1>;
fn sums_of(sum: Unit) -> Sums { return Sums(fours_of(sum)); }

// TILE_K steps of the sum: what one of them is to a block in registers.
fn add_step(sum: Unit, step: Step, thread: u32) -> Unit {
  fetch_tiles(step, thread);
  let after = multiply_tiles(sum, thread);
  // The next tiles overwrite these.
  workgroupBarrier();
  return after;
}

// All invocations fill the tiles and wait for each other.
fn fetch_tiles(step: Step, thread: u32) {
  for (var i = thread; i < TILE_M * TILE_K; i += THREADS) { fetch_a(step, i); }
  for (var i = thread; i < TILE_N * TILE_K; i += THREADS) { fetch_b(step, i); }
  workgroupBarrier();
}

fn multiply_tiles(before: Unit, thread: u32) -> Unit {
  var sum = before;
  let row = thread / THREADS_N * 8;
  let column = thread % THREADS_N;
  for (var k = 0u; k < TILE_K; k++) {
    let m = k * TILE_M + row;
    let n = k * TILE_N + column;
    sum = multiply_add(
      sum,
      Eight(
        Four(a_tile[m], a_tile[m + 1], a_tile[m + 2], a_tile[m + 3]),
        Four(a_tile[m + 4], a_tile[m + 5], a_tile[m + 6], a_tile[m + 7]),
      ),
      Eight(
        Four(b_tile[n], b_tile[n + THREADS_N], b_tile[n + 2 * THREADS_N], b_tile[n + 3 * THREADS_N]),
        Four(b_tile[n + 4 * THREADS_N], b_tile[n + 5 * THREADS_N], b_tile[n + 6 * THREADS_N], b_tile[n + 7 * THREADS_N]),
      ),
    );
  }
  return sum;
}
