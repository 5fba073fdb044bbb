// Rows along one dimension of a contiguous tensor, seen as outer × length × inner.
struct Rows { rows: u32, length: u32, inner: u32 }

// Where a row begins; its elements lie `inner` apart.
fn row_start(p: Rows, row: u32) -> u32 { return row / p.inner * p.length * p.inner + row % p.inner; }
