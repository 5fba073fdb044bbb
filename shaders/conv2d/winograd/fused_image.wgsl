// What the fused kernels read and write: pairs of neighbouring tiles, 4×6 numbers of the input and 2×4 of the output.
// What is stored of a tile, fused_store_pixels.wgsl or fused_store_windows.wgsl says.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> u: array<vec4<Acc>>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> f: Correlation;

// A pair of tiles: its image, and its first output.
struct Pair { n: u32, p: u32, q: u32 }

fn pair_count() -> u32 { return f.N * ((f.P + 1) / 2) * ((f.Q + 3) / 4); }

// A pair beyond the last lies in an image beyond the last: what it reads is thrown away, and it stores nothing.
fn pair_at(index: u32) -> Pair {
  let rows = (f.P + 1) / 2;
  let columns = (f.Q + 3) / 4;
  return Pair(index / (columns * rows), index / columns % rows * 2, index % columns * 4);
}

struct Tiles { left: Points, right: Points }

// The transformed tiles of a pair; `plane` is the first row of the input's plane. The tiles share two columns.
fn load_tiles(pair: Pair, plane: u32) -> Tiles {
  let h = i32(pair.p) - f.pad_top;
  let w = i32(pair.q) - f.pad_left;
  let d2 = load_column(plane, h, w + 2);
  let d3 = load_column(plane, h, w + 3);
  return Tiles(
    input_transform(load_column(plane, h, w), load_column(plane, h, w + 1), d2, d3),
    input_transform(d2, d3, load_column(plane, h, w + 4), load_column(plane, h, w + 5)),
  );
}

fn load_column(plane: u32, h: i32, w: i32) -> vec4<Acc> {
  return vec4<Acc>(load(plane, h, w), load(plane, h + 1, w), load(plane, h + 2, w), load(plane, h + 3, w));
}

// & and not &&: the conditions stay the same while c runs, and a compiler that splits a loop by the branches of &&
// would double it for every one of them.
fn load(plane: u32, h: i32, w: i32) -> Acc {
  let inside = (h >= 0) & (h < i32(f.H)) & (w >= 0) & (w < i32(f.W));
  return select(Acc(0), Acc(x[select(0u, (plane + u32(h)) * f.W + u32(w), inside)]), inside);
}

// Both tiles of output channel k of group g.
fn store_channel(pair: Pair, g: u32, k: u32, left: Points, right: Points) {
  if (k < f.K && pair.n < f.N) {
    let channel = g * f.K + k;
    let image = pair.n * f.groups * f.K + channel;
    store_tile(channel, image, pair.p, pair.q, output_transform(left));
    store_tile(channel, image, pair.p, pair.q + 2, output_transform(right));
  }
}
