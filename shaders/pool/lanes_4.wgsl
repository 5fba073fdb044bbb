// Four outputs of a row an invocation, side by side in vectors.
alias Real = vec4<f32>;
alias Whole = vec4<i32>;
alias Bits = vec4<u32>;
alias Truth = vec4<bool>;
const LANES = 4u;
const lane_numbers = vec4<i32>(0, 1, 2, 3);
fn lane(v: Real, i: u32) -> f32 { return v[i]; }
fn lane_whole(v: Whole, i: u32) -> i32 { return v[i]; }
fn fetch(row: u32, v: Whole) -> Real {
  return Real(f32(x[row + u32(v.x)]), f32(x[row + u32(v.y)]), f32(x[row + u32(v.z)]), f32(x[row + u32(v.w)]));
}
