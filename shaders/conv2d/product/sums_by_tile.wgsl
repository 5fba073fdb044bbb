// The steps of one tile are summed in float16 and join a float32 sum: the error does not grow with the depth. The way
// back of Winograd's transforms would multiply what a long float16 sum loses.
struct Sum { s00: mat4x4<f32>, s01: mat4x4<f32>, s10: mat4x4<f32>, s11: mat4x4<f32> }

fn add_tiles(sum: Sum, thread: u32) -> Sum {
  let short = multiply_tiles(Unit(), thread);
  return Sum(
    sum.s00 + mat4x4<f32>(short.s00), sum.s01 + mat4x4<f32>(short.s01),
    sum.s10 + mat4x4<f32>(short.s10), sum.s11 + mat4x4<f32>(short.s11),
  );
}

fn rows_of(sum: Sum) -> array<vec4<f32>, 16> {
  return array<vec4<f32>, 16>(
    sum.s00[0], sum.s01[0], sum.s00[1], sum.s01[1], sum.s00[2], sum.s01[2], sum.s00[3], sum.s01[3],
    sum.s10[0], sum.s11[0], sum.s10[1], sum.s11[1], sum.s10[2], sum.s11[2], sum.s10[3], sum.s11[3],
  );
}
