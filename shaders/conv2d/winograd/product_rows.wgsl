// The operands of a product in fours of numbers, and four rows of its result. What is multiplied may be float16; what
// is stored never is.
struct Product { m4: u32, n4: u32, depth: u32, count: u32, accumulate: u32 }
@group(0) @binding(0) var<storage, read> a: array<vec4<Acc>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<Acc>>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> job: Product;

// What one step of the depth adds to four rows of a block.
alias Four = vec4<Acc>;
alias Square = mat4x4<Acc>;
fn outer(column: Four, row: Four) -> Square { return Square(column.x * row, column.y * row, column.z * row, column.w * row); }

// Four rows of a block, as they are stored.
alias Quad = mat4x4<f32>;

fn store(at: u32, row: vec4<f32>) {
  if (job.accumulate != 0) { c[at] += row; } else { c[at] = row; }
}

fn store_rows(to: u32, left: Quad, right: Quad) {
  store(to, left[0]);
  store(to + 1, right[0]);
  store(to + job.n4, left[1]);
  store(to + job.n4 + 1, right[1]);
  store(to + 2 * job.n4, left[2]);
  store(to + 2 * job.n4 + 1, right[2]);
  store(to + 3 * job.n4, left[3]);
  store(to + 3 * job.n4 + 1, right[3]);
}
