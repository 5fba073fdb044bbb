// FFT, last stage: back along the rows, and out through the epilogue.
//
// Idea: two rows share a transform again: Z = even + i·odd, whose inverse has one row as real and one as imaginary
// part. The columns that were never stored are mirror images, conjugated. Numbers beyond the COLUMNS that hold outputs,
// and beyond the tensor's edge, are dropped.
// Bytes: reads 16 for every two numbers, writes 4 an output. Operations: 5·WIDTH·log₂ WIDTH for every two rows.
// Source: M. Mathieu, M. Henaff and Y. LeCun, Fast Training of Convolutional Networks through FFTs, 2013 (arXiv
// 1312.5851).
@group(0) @binding(0) var<storage, read> half: array<Complex>;
@group(0) @binding(1) var<storage, read_write> y: array<Elem>;
@group(0) @binding(2) var<uniform> planes: Planes;

const PAIRS = (ROWS + 1) / 2;
const COLUMNS_KEPT = WIDTH / 2 + 1;

fn line_count() -> u32 { return plane_count(planes) * PAIRS; }

fn load(line: u32, j: u32) -> Complex {
  let row = line % PAIRS * 2;
  let mirrored = j >= COLUMNS_KEPT;
  let at = (line / PAIRS * COLUMNS_KEPT + select(j, WIDTH - j, mirrored)) * ROWS + row;
  var even = half[at];
  var odd = half[select(at, at + 1, row + 1 < ROWS)];
  if (mirrored) {
    even = conjugate(even);
    odd = conjugate(odd);
  }
  return conjugate(even + times_i(odd));
}

fn put(at: Corner, channel: u32, h: u32, w: u32, sum: f32) {
  if (h < planes.H && w < planes.W) {
    let to = u32(at.start + i32(h) * planes.row + i32(w) * planes.column);
    y[to] = Elem(epilogue(sum, to, channel));
  }
}

fn store(line: u32, j: u32, value: Complex) {
  if (j < COLUMNS) {
    let i = line % PAIRS * 2;
    let plane = plane_at(planes, line / PAIRS);
    let at = corner(planes, plane);
    let channel = plane.g * planes.channels + planes.first_channel + plane.a;
    let scaled = conjugate(value) * (1.0 / f32(HEIGHT * WIDTH));
    put(at, channel, u32(at.h) + i, u32(at.w) + j, scaled.x);
    if (i + 1 < ROWS) { put(at, channel, u32(at.h) + i + 1, u32(at.w) + j, scaled.y); }
  }
}
