// The patch of x under a tile of outputs, in workgroup memory. Used by the kernels of DIRECT that make tiles.
//
// Idea: neighbouring outputs read mostly the same elements of x. So a workgroup brings all that lies under its tile of
// TILE_P×TILE_Q outputs into workgroup memory, PLANES planes at a time, each element once; every tap then reads from
// there. Nothing is said about stride or dilation but that the patch must be large enough, PATCH_H×PATCH_W. Which plane
// of x is which of the patch, plane_of(first, i) of the linked kernel says; where an invocation's eight outputs lie in
// the tile, and what is stored of them, the other file in this folder.
const TILE_P = 8u;
const TILE_Q = THREADS_N;
const PATCH = PATCH_H * PATCH_W;

var<workgroup> x_patch: array<Acc, PLANES * PATCH>;

// The tile's image, and its first row and column.
struct Tile { n: u32, p: u32, q: u32 }

fn tile_at(number: u32) -> Tile {
  let across = (conv.Q + TILE_Q - 1) / TILE_Q;
  let down = (conv.P + TILE_P - 1) / TILE_P;
  return Tile(number / (across * down), number / across % down * TILE_P, number % across * TILE_Q);
}

// Brings `planes` planes, and zeros for the others. Neighbouring invocations fetch neighbouring elements.
fn fetch_patch(tile: Tile, first: u32, planes: u32, thread: u32) {
  let h0 = i32(tile.p * conv.stride_h) - i32(conv.pad_top);
  let v0 = i32(tile.q * conv.stride_w) - i32(conv.pad_left);
  for (var i = thread; i < PLANES * PATCH; i += THREADS) {
    let h = h0 + i32(i / PATCH_W % PATCH_H);
    let v = v0 + i32(i % PATCH_W);
    let inside = (i / PATCH < planes) & (h >= 0) & (h < i32(conv.H)) & (v >= 0) & (v < i32(conv.W));
    let from_x = (plane_of(first, i / PATCH) * conv.H + u32(h)) * conv.W + u32(v);
    x_patch[i] = select(Acc(0), Acc(x[from_x]), inside);
  }
}

// Where four outputs, at these rows and columns of the tile, find their elements in a plane of the patch under tap (0,
// 0).
fn corner_of(row: vec4<u32>, column: vec4<u32>) -> vec4<u32> { return row * conv.stride_h * PATCH_W + column * conv.stride_w; }

// The corners of an invocation's eight outputs.
struct Corners { lo: vec4<u32>, hi: vec4<u32> }

// How far from its corner an output finds what is under tap (r, s) in another plane.
fn distance_of(plane: u32, r: u32, s: u32) -> u32 { return plane * PATCH + r * conv.dilation_h * PATCH_W + s * conv.dilation_w; }

fn under(corners: Corners, distance: u32) -> Eight {
  let lo = corners.lo + distance;
  let hi = corners.hi + distance;
  return Eight(
    Four(x_patch[lo.x], x_patch[lo.y], x_patch[lo.z], x_patch[lo.w]),
    Four(x_patch[hi.x], x_patch[hi.y], x_patch[hi.z], x_patch[hi.w]),
  );
}
