// FFT, second stage: down the columns. What leaves it are the spectra, in the order in which the product wants them.
//
// Idea: a row's spectrum is its own mirror image, conjugated, so WIDTH/2 + 1 columns hold everything (columns.wgsl).
// The two rows that shared a transform come apart in the same way: even = (Z[j] + conj Z[−j])/2, odd = (Z[j] − conj
// Z[−j])/2i.
// Bytes: reads 16 for every two numbers of a column, writes 8 a point. Operations: 5·HEIGHT·log₂ HEIGHT a column.
// Source: M. Mathieu, M. Henaff and Y. LeCun, Fast Training of Convolutional Networks through FFTs, 2013 (arXiv
// 1312.5851).
// Layout: spectrum[point = column·HEIGHT + row][the strides of Planes].
@group(0) @binding(0) var<storage, read> half: array<Complex>;
@group(0) @binding(1) var<storage, read_write> spectrum: array<Complex>;
@group(0) @binding(2) var<uniform> planes: Planes;

const PAIRS = (ROWS + 1) / 2;

fn load(index: u32, i: u32) -> Complex {
  let line = line_at(index);
  let plane = (line.plane.g * planes.A + line.plane.a) * planes.B + line.plane.b;
  var value = Complex();
  if (i < ROWS) {
    let z = half[(plane * WIDTH + line.column) * PAIRS + i / 2];
    let mirror = conjugate(half[(plane * WIDTH + (WIDTH - line.column) % WIDTH) * PAIRS + i / 2]);
    value = 0.5 * select(z + mirror, times_minus_i(z - mirror), i % 2 == 1);
  }
  return value;
}

fn store(index: u32, i: u32, value: Complex) {
  let line = line_at(index);
  spectrum[(line.column * HEIGHT + i) * planes.point_stride + spectrum_start(planes, line.plane)] = value;
}
