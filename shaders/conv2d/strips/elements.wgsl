// The elements of x under a strip, for kernels in which they slide.

// The element at column v of a row of x that begins at `row`; zero on padding. & and not &&: whether a row is inside
// stays the same along it, and a compiler that splits a loop by the branches of && would double it for each row that a
// strip has.
fn element(row: i32, v: i32, row_inside: bool) -> Acc {
  return select(Acc(0), Acc(x[row + v]), row_inside & (v >= 0) & (v < i32(conv.W)));
}

fn four_from(row: i32, v: i32, row_inside: bool) -> Four {
  return Four(element(row, v, row_inside), element(row, v + 1, row_inside), element(row, v + 2, row_inside), element(row, v + 3, row_inside));
}
