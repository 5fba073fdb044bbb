// FFT, first stage: every row of every plane, transformed.
//
// Idea: the numbers are real, so two rows share one complex transform: one is the real part, the other the imaginary
// part. The next stage takes them apart. Rows beyond ROWS and numbers beyond COLUMNS are zero; rows of zeros are not
// transformed at all, which is most of a filter's plane.
// Bytes: reads 4 a number, writes 4·WIDTH/COLUMNS. Operations: 5·WIDTH·log₂ WIDTH for every two rows.
// Source: M. Mathieu, M. Henaff and Y. LeCun, Fast Training of Convolutional Networks through FFTs, 2013 (arXiv
// 1312.5851).
// Layout: half[plane][frequency][pair of rows].
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> half: array<Complex>;
@group(0) @binding(2) var<uniform> planes: Planes;

const PAIRS = (ROWS + 1) / 2;

fn line_count() -> u32 { return plane_count(planes) * PAIRS; }

fn element(at: Corner, i: u32, j: u32) -> f32 {
  let h = at.h + i32(i);
  let w = at.w + i32(j);
  let inside = (i < ROWS) & (h >= 0) & (h < i32(planes.H)) & (w >= 0) & (w < i32(planes.W));
  return select(0.0, f32(x[select(0, at.start + h * planes.row + w * planes.column, inside)]), inside);
}

fn load(line: u32, j: u32) -> Complex {
  let i = line % PAIRS * 2;
  let at = corner(planes, plane_at(planes, line / PAIRS));
  var value = Complex();
  if (j < COLUMNS) { value = Complex(element(at, i, j), element(at, i + 1, j)); }
  return value;
}

fn store(line: u32, frequency: u32, value: Complex) {
  half[(line / PAIRS * WIDTH + frequency) * PAIRS + line % PAIRS] = value;
}
