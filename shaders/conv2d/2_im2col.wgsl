// GEMM, first of two kernels: im2col, the convolution written out as a matrix.
//
// Idea: each output pixel gets a column that holds the C·R·S elements of x under the filter (zero where the filter stands
// on padding). Then y = w · columns is one matrix product, and any good matmul is a good convolution; the price is
// memory, since each element of x is written R·S times.
// One invocation an element of the matrix columns[image][C·R·S][pixels]: reads 4 bytes, writes 4. Operations: none.
// A chunk of the output (some images, or some pixels of one image) is made at a time, to keep the workspace small.
// Source: Chellapilla, Puri, Simard, "High Performance Convolutional Neural Networks for Document Processing", 2006.
struct Chunk {
  conv: Conv,
  first_image: u32, images: u32,
  first_pixel: u32, pixels: u32,
}
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> columns: array<Elem>;
@group(0) @binding(2) var<uniform> chunk: Chunk;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let conv = chunk.conv;
  let rows = conv.C * conv.R * conv.S;
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= chunk.images * rows * chunk.pixels) { return; }
  let pixel = chunk.first_pixel + index % chunk.pixels;
  let row = index / chunk.pixels % rows;
  let n = chunk.first_image + index / (chunk.pixels * rows);
  let s = row % conv.S;
  let r = row / conv.S % conv.R;
  let c = row / (conv.S * conv.R);

  let h = i32(pixel / conv.Q * conv.stride_h + r * conv.dilation_h) - i32(conv.pad_top);
  let v = i32(pixel % conv.Q * conv.stride_w + s * conv.dilation_w) - i32(conv.pad_left);
  var element = Elem(0);
  if (h >= 0 && h < i32(conv.H) && v >= 0 && v < i32(conv.W)) {
    element = x[((n * conv.C + c) * conv.H + u32(h)) * conv.W + u32(v)];
  }
  columns[index] = element;
}
