// Rows that begin anywhere are read and stored element by element.
alias Packed = Elem;

fn element(row: i32, v: i32, row_inside: bool) -> Acc {
  return select(Acc(0), Acc(x[row + v]), row_inside & (v >= 0) & (v < i32(conv.W)));
}

fn four_at(row: i32, v: i32, row_inside: bool) -> Four {
  return Four(element(row, v, row_inside), element(row, v + 1, row_inside), element(row, v + 2, row_inside), element(row, v + 3, row_inside));
}

// Stores as many as there is room for.
fn store(to: u32, room: u32, values: Four) {
  y[to] = Elem(values.x);
  if (room > 1) { y[to + 1] = Elem(values.y); }
  if (room > 2) { y[to + 2] = Elem(values.z); }
  if (room > 3) { y[to + 3] = Elem(values.w); }
}
