// A line of FIRST·SECOND numbers (64, 128 or 256) in two steps. With n = b + SECOND·a and k = k1 + FIRST·k2, the sum
// over a is a transform of FIRST numbers, the factor exp(−2πi·b·k1/N) remains of the mixed term, and the sum over b is
// a transform of SECOND numbers: N numbers cost N·(FIRST + SECOND) where the definition costs N². Each of the two is
// done in registers; what goes from one to the other is kept in `exchange`, k1 + FIRST·b from where the line begins
// there, and where that is, says the file that is linked with this one. What a line is, and where its numbers come from
// and go to, is the business of the stage: line_count(), load(line, i), store(line, i, value).
// Source: D. Bailey, FFTs in External or Hierarchical Memory, 1990 (the four-step method).
const LENGTH = FIRST * SECOND;

// exp(−2πi·n/LENGTH) for n = 0 …, two in a vector: the driver's own sine may be rough.
struct Circle { points: array<vec4<f32>, LENGTH / 2> }
@group(0) @binding(3) var<uniform> circle: Circle;

fn keep(at: u32, b: u32, k1: u32, value: Complex) {
  let n = b * k1 % LENGTH;
  let pair = circle.points[n / 2];
  exchange[at + k1 + FIRST * b] = times(value, select(pair.xy, pair.zw, n % 2 == 1));
}

fn first_step(line: u32, at: u32, b: u32) {
  if (FIRST == 16) {
    let z = fft16(array<Complex, 16>(
      load(line, b), load(line, b + SECOND), load(line, b + 2 * SECOND), load(line, b + 3 * SECOND),
      load(line, b + 4 * SECOND), load(line, b + 5 * SECOND), load(line, b + 6 * SECOND), load(line, b + 7 * SECOND),
      load(line, b + 8 * SECOND), load(line, b + 9 * SECOND), load(line, b + 10 * SECOND), load(line, b + 11 * SECOND),
      load(line, b + 12 * SECOND), load(line, b + 13 * SECOND), load(line, b + 14 * SECOND), load(line, b + 15 * SECOND),
    ));
    keep(at, b, 0, z[0]);
    keep(at, b, 1, z[1]);
    keep(at, b, 2, z[2]);
    keep(at, b, 3, z[3]);
    keep(at, b, 4, z[4]);
    keep(at, b, 5, z[5]);
    keep(at, b, 6, z[6]);
    keep(at, b, 7, z[7]);
    keep(at, b, 8, z[8]);
    keep(at, b, 9, z[9]);
    keep(at, b, 10, z[10]);
    keep(at, b, 11, z[11]);
    keep(at, b, 12, z[12]);
    keep(at, b, 13, z[13]);
    keep(at, b, 14, z[14]);
    keep(at, b, 15, z[15]);
  } else {
    let z = fft8(array<Complex, 8>(
      load(line, b), load(line, b + SECOND), load(line, b + 2 * SECOND), load(line, b + 3 * SECOND),
      load(line, b + 4 * SECOND), load(line, b + 5 * SECOND), load(line, b + 6 * SECOND), load(line, b + 7 * SECOND),
    ));
    keep(at, b, 0, z[0]);
    keep(at, b, 1, z[1]);
    keep(at, b, 2, z[2]);
    keep(at, b, 3, z[3]);
    keep(at, b, 4, z[4]);
    keep(at, b, 5, z[5]);
    keep(at, b, 6, z[6]);
    keep(at, b, 7, z[7]);
  }
}

fn second_step(line: u32, at: u32, k1: u32) {
  if (SECOND == 16) {
    let z = fft16(array<Complex, 16>(
      exchange[at + k1], exchange[at + k1 + FIRST], exchange[at + k1 + 2 * FIRST], exchange[at + k1 + 3 * FIRST],
      exchange[at + k1 + 4 * FIRST], exchange[at + k1 + 5 * FIRST], exchange[at + k1 + 6 * FIRST], exchange[at + k1 + 7 * FIRST],
      exchange[at + k1 + 8 * FIRST], exchange[at + k1 + 9 * FIRST], exchange[at + k1 + 10 * FIRST], exchange[at + k1 + 11 * FIRST],
      exchange[at + k1 + 12 * FIRST], exchange[at + k1 + 13 * FIRST], exchange[at + k1 + 14 * FIRST], exchange[at + k1 + 15 * FIRST],
    ));
    store(line, k1, z[0]);
    store(line, k1 + FIRST, z[1]);
    store(line, k1 + 2 * FIRST, z[2]);
    store(line, k1 + 3 * FIRST, z[3]);
    store(line, k1 + 4 * FIRST, z[4]);
    store(line, k1 + 5 * FIRST, z[5]);
    store(line, k1 + 6 * FIRST, z[6]);
    store(line, k1 + 7 * FIRST, z[7]);
    store(line, k1 + 8 * FIRST, z[8]);
    store(line, k1 + 9 * FIRST, z[9]);
    store(line, k1 + 10 * FIRST, z[10]);
    store(line, k1 + 11 * FIRST, z[11]);
    store(line, k1 + 12 * FIRST, z[12]);
    store(line, k1 + 13 * FIRST, z[13]);
    store(line, k1 + 14 * FIRST, z[14]);
    store(line, k1 + 15 * FIRST, z[15]);
  } else {
    let z = fft8(array<Complex, 8>(
      exchange[at + k1], exchange[at + k1 + FIRST], exchange[at + k1 + 2 * FIRST], exchange[at + k1 + 3 * FIRST],
      exchange[at + k1 + 4 * FIRST], exchange[at + k1 + 5 * FIRST], exchange[at + k1 + 6 * FIRST], exchange[at + k1 + 7 * FIRST],
    ));
    store(line, k1, z[0]);
    store(line, k1 + FIRST, z[1]);
    store(line, k1 + 2 * FIRST, z[2]);
    store(line, k1 + 3 * FIRST, z[3]);
    store(line, k1 + 4 * FIRST, z[4]);
    store(line, k1 + 5 * FIRST, z[5]);
    store(line, k1 + 6 * FIRST, z[6]);
    store(line, k1 + 7 * FIRST, z[7]);
  }
}
