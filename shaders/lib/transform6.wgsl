// T·d for the kernel's 6×6 matrix T, a constant of its spec block. Spelled out term by term, so that every compiler
// sees constant factors: products with 0 and 1 vanish, and nothing is indexed while the kernel runs. Smaller matrices
// are filled up with zeros.
alias Six = array<f32, 6>;

fn transform(d: Six) -> Six {
  return Six(
    T[0] * d[0] + T[1] * d[1] + T[2] * d[2] + T[3] * d[3] + T[4] * d[4] + T[5] * d[5],
    T[6] * d[0] + T[7] * d[1] + T[8] * d[2] + T[9] * d[3] + T[10] * d[4] + T[11] * d[5],
    T[12] * d[0] + T[13] * d[1] + T[14] * d[2] + T[15] * d[3] + T[16] * d[4] + T[17] * d[5],
    T[18] * d[0] + T[19] * d[1] + T[20] * d[2] + T[21] * d[3] + T[22] * d[4] + T[23] * d[5],
    T[24] * d[0] + T[25] * d[1] + T[26] * d[2] + T[27] * d[3] + T[28] * d[4] + T[29] * d[5],
    T[30] * d[0] + T[31] * d[1] + T[32] * d[2] + T[33] * d[3] + T[34] * d[4] + T[35] * d[5],
  );
}

// T·d·Tᵀ of a 6×6 tile that is given by columns; the result is by rows.
fn transform_tile(d: array<Six, 6>) -> array<Six, 6> {
  let c0 = transform(d[0]);
  let c1 = transform(d[1]);
  let c2 = transform(d[2]);
  let c3 = transform(d[3]);
  let c4 = transform(d[4]);
  let c5 = transform(d[5]);
  return array<Six, 6>(
    transform(Six(c0[0], c1[0], c2[0], c3[0], c4[0], c5[0])),
    transform(Six(c0[1], c1[1], c2[1], c3[1], c4[1], c5[1])),
    transform(Six(c0[2], c1[2], c2[2], c3[2], c4[2], c5[2])),
    transform(Six(c0[3], c1[3], c2[3], c3[3], c4[3], c5[3])),
    transform(Six(c0[4], c1[4], c2[4], c3[4], c4[4], c5[4])),
    transform(Six(c0[5], c1[5], c2[5], c3[5], c4[5], c5[5])),
  );
}
