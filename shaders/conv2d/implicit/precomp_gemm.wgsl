// IMPLICIT_PRECOMP_GEMM, third of three kernels: the product of IMPLICIT_GEMM with its indices and its filters
// prepared.
//
// Idea: as gemm.wgsl, but where a pixel reads x under a tap comes from the table (one load instead of the arithmetic),
// and neighbouring filters are neighbours in memory. The product is the same: implicit/blocks.wgsl or
// implicit/tiles.wgsl.
// Operations: 2·N·K·P·Q·(C/groups)·R·S. Bytes read beside the product's: the table, once for every block of filters.
// Workspace: table and filters, 4·R·S·(P·Q + C·K/groups).
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read> table: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@group(0) @binding(3) var<uniform> conv: Conv;

// Filters lie in the order that filter_order.wgsl gave them; how many are loaded at a time, filters_by_*.wgsl says.
const FILTERS_ADJOIN = true;
fn first_filter(group: u32, k: u32, tap: u32) -> u32 {
  return (group * conv.R * conv.S + tap) * (conv.C / conv.groups) * filled(conv.K / conv.groups) + k;
}
fn next_filter() -> u32 { return 1u; }
fn next_channel() -> u32 { return filled(conv.K / conv.groups); }

// Four pixels of the output: their image's first plane of the group, as an offset in x, and their place in the table.
struct Pixels { plane: vec4<u32>, entry: vec4<u32> }

fn pixels_at(column: vec4<u32>, group: u32) -> Pixels {
  let at = places_of(column);
  return Pixels((at.n * conv.C + group * (conv.C / conv.groups)) * conv.H * conv.W, at.p * conv.Q + at.q);
}

fn taps_of(pixels: Pixels, tap: u32) -> Taps {
  let entry = pixels.entry + tap * conv.P * conv.Q;
  let at = vec4(table[entry.x], table[entry.y], table[entry.z], table[entry.w]);
  return Taps(pixels.plane + at, at != vec4(OUTSIDE));
}
