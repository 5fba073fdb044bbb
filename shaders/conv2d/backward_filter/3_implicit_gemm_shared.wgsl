// BACKWARD FILTER with workgroup memory: the product of 2_implicit_gemm.wgsl by tiles (tiles.wgsl).
//
// Idea: a tile has TILE_N neighbouring columns of dw, a tap of a channel each. An invocation fills one of them, so it
// works out its channel and tap once; what is left for each pixel is where the tap stands in x, and whether that is
// inside.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes: those of the product. Workspace: what deliver() needs.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> dy: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;
@group(0) @binding(4) var<uniform> splitting: Splits;

struct Splits { count: u32 }

// The columns of a tile: the first, and of the one that this invocation fills the channel and where its tap stands at
// output (0, 0).
struct Columns { first: u32, channel: u32, h: i32, v: i32 }

fn column_tiles() -> u32 { return (conv.C / conv.groups * conv.R * conv.S + TILE_N - 1) / TILE_N; }

// THREADS is a multiple of TILE_N, so an invocation's elements of a tile lie in one column.
fn columns_of(number: u32, group: u32, thread: u32) -> Columns {
  let own = number * TILE_N + thread % TILE_N;
  return Columns(
    number * TILE_N,
    group * (conv.C / conv.groups) + own / (conv.R * conv.S),
    i32(own / conv.S % conv.R * conv.dilation_h) - i32(conv.pad_top),
    i32(own % conv.S * conv.dilation_w) - i32(conv.pad_left),
  );
}

fn fetch_b(step: Step, i: u32) {
  let pixel = step.pixel + i / TILE_N;
  let h = step.columns.h + i32(pixel / conv.Q % conv.P * conv.stride_h);
  let v = step.columns.v + i32(pixel % conv.Q * conv.stride_w);
  let inside = (pixel < step.end) & (h >= 0) & (h < i32(conv.H)) & (v >= 0) & (v < i32(conv.W));
  let from_x = ((pixel / (conv.P * conv.Q) * conv.C + step.columns.channel) * conv.H + u32(h)) * conv.W + u32(v);
  b_tile[i] = select(Acc(0), Acc(x[from_x]), inside);
}

// Where in a filter a column of the tile is; not below the filter's size, where it is none.
fn weight_of(columns: Columns, column: u32) -> u32 { return columns.first + column; }
