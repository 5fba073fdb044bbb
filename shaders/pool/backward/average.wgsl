// AVERAGE, GRADIENT: every element under a window gets the same share of dy.
struct Share { part: f32 }
fn share_of(window: u32, p: u32, q: u32) -> Share { return Share(f32(dy[window]) / divisor_of(pool, p, q)); }
fn share_at(s: Share, here: i32) -> f32 { return s.part; }
