// A reduction over a strided input: four kept and four reduced dimensions, outermost first; absent ones have size 1.
// KEPT and ALONG of them are there, so that no divisions are made for the others.
struct Reduce {
  outputs: u32, length: u32, chunks: u32, offset: i32,
  kept0: u32, kept1: u32, kept2: u32, kept3: u32,
  kept_stride0: i32, kept_stride1: i32, kept_stride2: i32, kept_stride3: i32,
  along0: u32, along1: u32, along2: u32, along3: u32,
  along_stride0: i32, along_stride1: i32, along_stride2: i32, along_stride3: i32,
}

// Where the elements of output `o` begin.
fn kept_offset(r: Reduce, o: u32) -> i32 {
  if (KEPT < 2) { return r.offset + i32(o) * r.kept_stride3; }
  let i3 = o % r.kept3;
  let i2 = o / r.kept3 % r.kept2;
  let near = r.offset + i32(i2) * r.kept_stride2 + i32(i3) * r.kept_stride3;
  if (KEPT == 2) { return near; }
  let i1 = o / (r.kept3 * r.kept2) % r.kept1;
  let i0 = o / (r.kept3 * r.kept2 * r.kept1);
  return near + i32(i0) * r.kept_stride0 + i32(i1) * r.kept_stride1;
}

// How far from there its element number `a` lies.
fn along_offset(r: Reduce, a: u32) -> i32 {
  if (ALONG < 2) { return i32(a) * r.along_stride3; }
  let i3 = a % r.along3;
  let i2 = a / r.along3 % r.along2;
  let near = i32(i2) * r.along_stride2 + i32(i3) * r.along_stride3;
  if (ALONG == 2) { return near; }
  let i1 = a / (r.along3 * r.along2) % r.along1;
  let i0 = a / (r.along3 * r.along2 * r.along1);
  return near + i32(i0) * r.along_stride0 + i32(i1) * r.along_stride1;
}
