// GEMM, first of two kernels: im2col, the convolution written out as a matrix.
//
// Idea: each output pixel gets a column that holds the C·R·S elements of x under the filter (zero where the filter
// stands on padding). Then y = w · columns is one matrix product, and any good matmul is a good convolution; the price
// is memory, since each element of x is written R·S times. A workgroup writes RUN·GROUP pixels of one row of
// columns[image][C·R·S][pixels]; neighbouring invocations write neighbours.
// An invocation walks from pixel to pixel by addition: a division costs more here than all the rest.
// Bytes: 4 read and 4 written an element. Operations: none.
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
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lid: vec3<u32>) {
  let conv = chunk.conv;
  let rows = conv.C * conv.R * conv.S;
  let runs = (chunk.pixels + RUN * GROUP - 1) / (RUN * GROUP);
  let job = wid.y * groups.x + wid.x;
  let row = job / runs % rows;
  let image = job / (runs * rows);
  if (image >= chunk.images) { return; }
  let s = row % conv.S;
  let r = row / conv.S % conv.R;
  let c = row / (conv.S * conv.R);
  let plane = ((chunk.first_image + image) * conv.C + c) * conv.H;
  let h0 = i32(r * conv.dilation_h) - i32(conv.pad_top);
  let v0 = i32(s * conv.dilation_w) - i32(conv.pad_left);

  let first = job % runs * RUN * GROUP + lid.x;
  var p = (chunk.first_pixel + first) / conv.Q;
  var q = (chunk.first_pixel + first) % conv.Q;
  let step_p = GROUP / conv.Q;
  let step_q = GROUP % conv.Q;
  for (var pixel = first; pixel < min(first + RUN * GROUP, chunk.pixels); pixel += GROUP) {
    let h = h0 + i32(p * conv.stride_h);
    let v = v0 + i32(q * conv.stride_w);
    let inside = (h >= 0) & (h < i32(conv.H)) & (v >= 0) & (v < i32(conv.W));
    columns[(image * rows + row) * chunk.pixels + pixel] = select(Elem(0), x[(plane + u32(h)) * conv.W + u32(v)], inside);
    let wraps = q + step_q >= conv.Q;
    p += select(step_p, step_p + 1, wraps);
    q = select(q + step_q, q + step_q - conv.Q, wraps);
  }
}
