// Rows of q, k and v begin at multiples of four elements and have a multiple of four: a read brings four.
@group(0) @binding(0) var<storage, read> q: array<vec4<Elem>>;
@group(0) @binding(1) var<storage, read> k: array<vec4<Elem>>;
@group(0) @binding(2) var<storage, read> v: array<vec4<Elem>>;
fn four_of_q(at: u32, i: u32) -> vec4<f32> { return vec4<f32>(q[at / 4 + i]); }
fn four_of_k(at: u32, i: u32) -> vec4<f32> { return vec4<f32>(k[at / 4 + i]); }
fn four_of_v(at: u32, i: u32) -> vec4<f32> { return vec4<f32>(v[at / 4 + i]); }
