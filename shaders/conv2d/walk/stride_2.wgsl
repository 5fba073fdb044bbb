// Rows under stride 2: even and odd columns apart, so that under each tap lie neighbouring cells of either. Columns
// beside the strip are read as far as taps reach, PAD to the left.
const STRIDE = 2u;
const REACH = i32(FILTER_W) - 1 - PAD;

struct Row { even: Cells, odd: Cells }

fn row_at(plane: u32, h: i32, q: u32) -> Row {
  let inside = (h >= 0) & (h < i32(conv.H));
  let row = (i32(plane * conv.H) + h) * i32(conv.W);
  let v = i32(2 * q);
  let a = four_at(row, v, inside);
  let b = four_at(row, v + 4, inside);
  let c = four_at(row, v + 8, inside);
  let d = four_at(row, v + 12, inside);
  return Row(
    Cells(
      Four(0, 0, element_if(PAD > 3, row, v - 4, inside), element_if(PAD > 1, row, v - 2, inside)),
      Four(a.xz, b.xz),
      Four(c.xz, d.xz),
      Four(element_if(REACH > 1, row, v + 16, inside), element_if(REACH > 3, row, v + 18, inside), 0, 0),
    ),
    Cells(
      Four(0, 0, element_if(PAD > 2, row, v - 3, inside), element_if(PAD > 0, row, v - 1, inside)),
      Four(a.yw, b.yw),
      Four(c.yw, d.yw),
      Four(element_if(REACH > 2, row, v + 17, inside), 0, 0, 0),
    ),
  );
}

fn under(row: Row, distance: i32) -> Eight {
  if (distance % 2 == 0) { return shifted(row.even, distance / 2); }
  return shifted(row.odd, (distance - 1) / 2);
}
