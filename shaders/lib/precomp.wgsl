// What IMPLICIT_PRECOMP_GEMM's kernels agree on.

// An entry of the index table whose tap falls on padding.
const OUTSIDE = 0xffffffffu;

// Filters of a group, filled up to a multiple of four.
fn filled(filters: u32) -> u32 { return (filters + 3) / 4 * 4; }
