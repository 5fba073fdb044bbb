// Real products: a sum is a result.
fn place(column: u32) -> u32 { return column; }

fn deliver(sum: Sum, at: Place) {
  var sums = rows_of(sum);
  for (var i = 0u; i < 64; i++) {
    let n = at.n0 + at.column + i % 8 * THREADS_N;
    if (n < job.N) { store((at.batch * job.M + at.m + i / 8) * job.N + n, sums[i / 4][i % 4]); }
  }
}
