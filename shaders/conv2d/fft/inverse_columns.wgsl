// FFT, fourth stage: back up the columns.
//
// Idea: an inverse transform is the forward one between two conjugations. Only the ROWS rows that hold outputs are
// kept: the others, at the end of the plane, are where the circular correlation has wrapped around.
// Bytes: reads 8 a point, writes 8·ROWS/HEIGHT. Operations: 5·HEIGHT·log₂ HEIGHT a column. Layout:
// half[plane][column][row].
// Source: M. Mathieu, M. Henaff and Y. LeCun, Fast Training of Convolutional Networks through FFTs, 2013 (arXiv
// 1312.5851).
@group(0) @binding(0) var<storage, read> spectrum: array<Complex>;
@group(0) @binding(1) var<storage, read_write> half: array<Complex>;
@group(0) @binding(2) var<uniform> planes: Planes;

fn load(index: u32, i: u32) -> Complex {
  let line = line_at(index);
  return conjugate(spectrum[(line.column * HEIGHT + i) * planes.point_stride + spectrum_start(planes, line.plane)]);
}

fn store(index: u32, i: u32, value: Complex) {
  let line = line_at(index);
  let plane = (line.plane.g * planes.A + line.plane.a) * planes.B + line.plane.b;
  if (i < ROWS) { half[(plane * COLUMNS_KEPT + line.column) * ROWS + i] = conjugate(value); }
}
