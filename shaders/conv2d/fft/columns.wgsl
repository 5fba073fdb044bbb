// The lines of the stages that run down and up the columns. A row's spectrum is its own mirror image, so half of the
// columns and one more are kept. Lines run over b first, since the spectra of neighbours in b are mostly neighbours
// too.
const COLUMNS_KEPT = WIDTH / 2 + 1;

struct Line { plane: Plane, column: u32 }

fn line_at(line: u32) -> Line {
  let row = line / planes.B;
  let channel = row / COLUMNS_KEPT;
  return Line(Plane(channel / planes.A, channel % planes.A, line % planes.B), row % COLUMNS_KEPT);
}

fn line_count() -> u32 { return plane_count(planes) * COLUMNS_KEPT; }
