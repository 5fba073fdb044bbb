// The last part of an epilogue, where there is one: of the four outputs under a window of a 2×2 max pool, the largest
// is stored and the others never exist outside the registers.
//
// Bytes saved: 4 written and 4 read an output, of which the pooled result keeps one in four; and a launch.
// Each output has its own epilogue first; a NaN wins, as in PyTorch. Sums come row by row; `at` is where the first of
// them would lie in an output that is not pooled, `width` the length of its rows: a residual is read there.
fn largest(sums: vec4<Acc>, at: u32, width: u32, k: u32) -> Acc {
  let upper = larger(f32(epilogue(sums.x, at, k)), f32(epilogue(sums.y, at + 1, k)));
  let lower = larger(f32(epilogue(sums.z, at + width, k)), f32(epilogue(sums.w, at + width + 1, k)));
  return Acc(larger(upper, lower));
}
