// IMPLICIT_GEMM: the matrix product of GEMM, without ever writing the matrix of columns.
//
// Idea: y is a matrix of K/groups rows and N·P·Q columns (pixels of all images), and the sum of each element runs over
// taps and, under each tap, over channels. Where a pixel reads x under a tap (r, s), and whether the filter stands on
// padding there, is worked out once; then only the plane changes from channel to channel. This file is that arithmetic.
// The product is made by blocks in registers (implicit/blocks.wgsl) or by tiles in workgroup memory
// (implicit/tiles.wgsl).
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes: those of the product. Workspace: none.
// Source: Chetlur et al., "cuDNN: Efficient Primitives for Deep Learning", 2014 (arXiv 1410.0759), section 3.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> w: array<Elem>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

// Filters lie in w as they are: one channel's taps after the other, one filter's channels after the other.
const FILTERS_ADJOIN = false;
fn first_filter(group: u32, k: u32, tap: u32) -> u32 {
  return (group * (conv.K / conv.groups) + k) * (conv.C / conv.groups) * conv.R * conv.S + tap;
}
fn next_filter() -> u32 { return conv.C / conv.groups * conv.R * conv.S; }
fn next_channel() -> u32 { return conv.R * conv.S; }
fn filter_element(at: u32) -> Acc { return Acc(w[at]); }
fn a_element(step: Step, row: u32) -> Acc { return filter_element(step.w + row * next_filter()); }

// Four pixels of the output: their image's first plane of the group, and the input's place under tap (0, 0).
struct Pixels { plane: vec4<u32>, h: vec4<i32>, v: vec4<i32> }

fn pixels_at(column: vec4<u32>, group: u32) -> Pixels {
  let at = places_of(column);
  return Pixels(
    at.n * conv.C + group * (conv.C / conv.groups),
    vec4<i32>(at.p * conv.stride_h) - i32(conv.pad_top),
    vec4<i32>(at.q * conv.stride_w) - i32(conv.pad_left),
  );
}

fn taps_of(pixels: Pixels, tap: u32) -> Taps {
  let h = pixels.h + i32(tap / conv.S * conv.dilation_h);
  let v = pixels.v + i32(tap % conv.S * conv.dilation_w);
  let inside = (h >= vec4(0)) & (h < vec4(i32(conv.H))) & (v >= vec4(0)) & (v < vec4(i32(conv.W)));
  return Taps((pixels.plane * conv.H + vec4<u32>(h)) * conv.W + vec4<u32>(v), inside);
}
