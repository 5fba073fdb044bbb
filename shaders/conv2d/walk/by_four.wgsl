// Rows whose length is a multiple of four, those of x and those of y: columns are read and stored four at a time.
alias Packed = vec4<Elem>;

fn element(row: i32, v: i32, row_inside: bool) -> Acc {
  let at = row + v;
  return select(Acc(0), Acc(x[at / 4][at % 4]), row_inside & (v >= 0) & (v < i32(conv.W)));
}

fn four_at(row: i32, v: i32, row_inside: bool) -> Four {
  return select(Four(), Four(x[(row + v) / 4]), row_inside & (v < i32(conv.W)));
}

fn store(to: u32, room: u32, values: Four) { y[to / 4] = Packed(values); }
