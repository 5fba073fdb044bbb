// Complex products, conj(a)·b, by a matrix product of real numbers.
//
// Idea: complex numbers lie in memory as two real ones, real part first. The real product of such rows and columns
// holds, for every pair of numbers, a square of four sums: re·re, re·im, im·re, im·im. Two of them make the real part
// of conj(a)·b and two the imaginary part, so four multiplications a step are all put to use, and they are put together
// once, at the end. An invocation's columns are THREADS_N apart: the tile keeps its real parts in one half and its
// imaginary parts in the other, so that the four columns of an invocation's second half are the imaginary parts of
// those in the first.
fn place(column: u32) -> u32 { return column % 2 * (TILE_N / 2) + column / 2; }

fn deliver(sum: Sum, at: Place) {
  var sums = rows_of(sum);
  for (var i = 0u; i < 4; i++) {
    let re = sums[4 * i] + sums[4 * i + 3];
    let im = sums[4 * i + 1] - sums[4 * i + 2];
    let row = (at.batch * job.M / 2 + at.m / 2 + i) * job.N;
    for (var j = 0u; j < 4; j++) {
      let n = at.n0 + 2 * (at.column + j * THREADS_N);
      if (n < job.N) {
        store(row + n, re[j]);
        store(row + n + 1, im[j]);
      }
    }
  }
}
