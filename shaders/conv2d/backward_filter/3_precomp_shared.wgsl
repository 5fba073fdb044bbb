// BACKWARD FILTER, ALGO_3 with workgroup memory: the product of 2_precomp.wgsl by tiles (tiles.wgsl).
//
// Idea: a tile's columns are TILE_N channels under one tap, so one entry of the index table (index_table.wgsl) serves a
// pixel of all of them. Nothing about x is worked out here, so the elements may be fetched in the order that suits
// memory: neighbours fetch neighbouring pixels of a channel, which mostly are neighbours in x too.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes read beside the product's: 4 for every TILE_M·TILE_N multiplications
// (table).
// Workspace: the table, 4·R·S·P·Q, and float32 sums where dw is float16.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> dy: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;
@group(0) @binding(4) var<uniform> splitting: Splits;
@group(0) @binding(5) var<storage, read> table: array<u32>;

struct Splits { count: u32 }

// The columns of a tile: their tap; the first channel counted in the group, and how many there are from it on; and its
// plane of the first image.
struct Columns { tap: u32, c: u32, left: u32, plane: u32 }

fn channel_tiles() -> u32 { return (conv.C / conv.groups + TILE_N - 1) / TILE_N; }

fn column_tiles() -> u32 { return channel_tiles() * conv.R * conv.S; }

fn columns_of(number: u32, group: u32, thread: u32) -> Columns {
  let c = number % channel_tiles() * TILE_N;
  let Cg = conv.C / conv.groups;
  return Columns(number / channel_tiles(), c, Cg - c, group * Cg + c);
}

fn fetch_b(step: Step, i: u32) {
  let pixels = conv.P * conv.Q;
  let pixel = step.pixel + i % TILE_K;
  let column = i / TILE_K;
  let place = table[step.columns.tap * pixels + pixel % pixels];
  let plane = pixel / pixels * conv.C + step.columns.plane + column;
  let inside = (pixel < step.end) & (place != OUTSIDE) & (column < step.columns.left);
  b_tile[i % TILE_K * TILE_N + column] = select(Acc(0), Acc(x[plane * conv.H * conv.W + place]), inside);
}

// Where in a filter a column of the tile is; not below the filter's size, where it is none.
fn weight_of(columns: Columns, column: u32) -> u32 { return (columns.c + column) * conv.R * conv.S + columns.tap; }
