// A product's sums stay in the block from the first step of the depth to the last.
alias Sum = Unit;
fn add_tiles(sum: Sum, thread: u32) -> Sum { return multiply_tiles(sum, thread); }
fn rows_of(sum: Sum) -> array<vec4<f32>, 16> { return fours_of(sum); }
