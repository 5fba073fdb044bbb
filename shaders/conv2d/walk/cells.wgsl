// Sixteen neighbouring cells of a row, of which outputs read eight: those in the middle under the tap at distance 0.
struct Cells { before: Four, lo: Four, hi: Four, after: Four }

fn shifted(cells: Cells, distance: i32) -> Eight {
  switch distance {
    case -4: { return Eight(cells.before, cells.lo); }
    case -3: { return Eight(Four(cells.before.yzw, cells.lo.x), Four(cells.lo.yzw, cells.hi.x)); }
    case -2: { return Eight(Four(cells.before.zw, cells.lo.xy), Four(cells.lo.zw, cells.hi.xy)); }
    case -1: { return Eight(Four(cells.before.w, cells.lo.xyz), Four(cells.lo.w, cells.hi.xyz)); }
    case 1: { return Eight(Four(cells.lo.yzw, cells.hi.x), Four(cells.hi.yzw, cells.after.x)); }
    case 2: { return Eight(Four(cells.lo.zw, cells.hi.xy), Four(cells.hi.zw, cells.after.xy)); }
    case 3: { return Eight(Four(cells.lo.w, cells.hi.xyz), Four(cells.hi.w, cells.after.xyz)); }
    case 4: { return Eight(cells.hi, cells.after); }
    default: { return Eight(cells.lo, cells.hi); }
  }
}

// The element at a column, where some tap reads it: of all the columns beside a strip it is known beforehand which.
fn element_if(read: bool, row: i32, v: i32, row_inside: bool) -> Acc {
  if (!read) { return Acc(0); }
  return element(row, v, row_inside);
}
