// Rows under stride 1: cells are columns. Those beside the strip are read as far as taps reach, PAD to the left.
const STRIDE = 1u;
const REACH = i32(FILTER_W) - 1 - PAD;

alias Row = Cells;

fn row_at(plane: u32, h: i32, q: u32) -> Row {
  let inside = (h >= 0) & (h < i32(conv.H));
  let row = (i32(plane * conv.H) + h) * i32(conv.W);
  let v = i32(q);
  return Cells(
    Four(
      element_if(PAD > 3, row, v - 4, inside), element_if(PAD > 2, row, v - 3, inside),
      element_if(PAD > 1, row, v - 2, inside), element_if(PAD > 0, row, v - 1, inside),
    ),
    four_at(row, v, inside),
    four_at(row, v + 4, inside),
    Four(
      element_if(REACH > 0, row, v + 8, inside), element_if(REACH > 1, row, v + 9, inside),
      element_if(REACH > 2, row, v + 10, inside), element_if(REACH > 3, row, v + 11, inside),
    ),
  );
}

fn under(row: Row, distance: i32) -> Eight { return shifted(row, distance); }
