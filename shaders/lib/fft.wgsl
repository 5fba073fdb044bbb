// The discrete Fourier transform Z[k] = Σ z[n]·exp(−2πi·n·k/N) of a few numbers, all in registers.
//
// Each is made of two of half the length, over the even and the odd numbers: Z[k] and Z[k + N/2] are the sum and the
// difference of even[k] and odd[k]·exp(−2πi·k/N). All indices are constants, so nothing is addressed while it runs, and
// the factors are constants, so nothing is looked up.
// Source: J. Cooley and J. Tukey, An Algorithm for the Machine Calculation of Complex Fourier Series, 1965.
alias Complex = vec2<f32>;

fn times(a: Complex, b: Complex) -> Complex { return Complex(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn conjugate(a: Complex) -> Complex { return Complex(a.x, -a.y); }
fn times_i(a: Complex) -> Complex { return Complex(-a.y, a.x); }
fn times_minus_i(a: Complex) -> Complex { return Complex(a.y, -a.x); }

// cos(kπ/16) for k = 1 … 7; sines are the same numbers backwards.
const C1 = 0.98078528040323044913;
const C2 = 0.92387953251128675613;
const C3 = 0.83146961230254523708;
const C4 = 0.70710678118654752440;
const C5 = 0.55557023301960222474;
const C6 = 0.38268343236508977173;
const C7 = 0.19509032201612826785;

fn fft4(z: array<Complex, 4>) -> array<Complex, 4> {
  let a = z[0] + z[2];
  let b = z[0] - z[2];
  let c = z[1] + z[3];
  let d = times_minus_i(z[1] - z[3]);
  return array<Complex, 4>(a + c, b + d, a - c, b - d);
}

fn fft8(z: array<Complex, 8>) -> array<Complex, 8> {
  let e = fft4(array<Complex, 4>(z[0], z[2], z[4], z[6]));
  let o = fft4(array<Complex, 4>(z[1], z[3], z[5], z[7]));
  let o1 = times(o[1], Complex(C4, -C4));
  let o2 = times_minus_i(o[2]);
  let o3 = times(o[3], Complex(-C4, -C4));
  return array<Complex, 8>(e[0] + o[0], e[1] + o1, e[2] + o2, e[3] + o3, e[0] - o[0], e[1] - o1, e[2] - o2, e[3] - o3);
}

fn fft16(z: array<Complex, 16>) -> array<Complex, 16> {
  let e = fft8(array<Complex, 8>(z[0], z[2], z[4], z[6], z[8], z[10], z[12], z[14]));
  let o = fft8(array<Complex, 8>(z[1], z[3], z[5], z[7], z[9], z[11], z[13], z[15]));
  let o1 = times(o[1], Complex(C2, -C6));
  let o2 = times(o[2], Complex(C4, -C4));
  let o3 = times(o[3], Complex(C6, -C2));
  let o4 = times_minus_i(o[4]);
  let o5 = times(o[5], Complex(-C6, -C2));
  let o6 = times(o[6], Complex(-C4, -C4));
  let o7 = times(o[7], Complex(-C2, -C6));
  return array<Complex, 16>(
    e[0] + o[0], e[1] + o1, e[2] + o2, e[3] + o3, e[4] + o4, e[5] + o5, e[6] + o6, e[7] + o7,
    e[0] - o[0], e[1] - o1, e[2] - o2, e[3] - o3, e[4] - o4, e[5] - o5, e[6] - o6, e[7] - o7,
  );
}

fn fft32(z: array<Complex, 32>) -> array<Complex, 32> {
  let e = fft16(array<Complex, 16>(z[0], z[2], z[4], z[6], z[8], z[10], z[12], z[14], z[16], z[18], z[20], z[22], z[24], z[26], z[28], z[30]));
  let o = fft16(array<Complex, 16>(z[1], z[3], z[5], z[7], z[9], z[11], z[13], z[15], z[17], z[19], z[21], z[23], z[25], z[27], z[29], z[31]));
  let o1 = times(o[1], Complex(C1, -C7));
  let o2 = times(o[2], Complex(C2, -C6));
  let o3 = times(o[3], Complex(C3, -C5));
  let o4 = times(o[4], Complex(C4, -C4));
  let o5 = times(o[5], Complex(C5, -C3));
  let o6 = times(o[6], Complex(C6, -C2));
  let o7 = times(o[7], Complex(C7, -C1));
  let o8 = times_minus_i(o[8]);
  let o9 = times(o[9], Complex(-C7, -C1));
  let o10 = times(o[10], Complex(-C6, -C2));
  let o11 = times(o[11], Complex(-C5, -C3));
  let o12 = times(o[12], Complex(-C4, -C4));
  let o13 = times(o[13], Complex(-C3, -C5));
  let o14 = times(o[14], Complex(-C2, -C6));
  let o15 = times(o[15], Complex(-C1, -C7));
  return array<Complex, 32>(
    e[0] + o[0], e[1] + o1, e[2] + o2, e[3] + o3, e[4] + o4, e[5] + o5, e[6] + o6, e[7] + o7,
    e[8] + o8, e[9] + o9, e[10] + o10, e[11] + o11, e[12] + o12, e[13] + o13, e[14] + o14, e[15] + o15,
    e[0] - o[0], e[1] - o1, e[2] - o2, e[3] - o3, e[4] - o4, e[5] - o5, e[6] - o6, e[7] - o7,
    e[8] - o8, e[9] - o9, e[10] - o10, e[11] - o11, e[12] - o12, e[13] - o13, e[14] - o14, e[15] - o15,
  );
}
