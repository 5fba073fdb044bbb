// Every query looks at every key.
fn keys_of(a: Attention, l: u32) -> u32 { return a.S; }
fn added(a: Attention, mask_at: u32, l: u32, s: u32) -> f32 { return 0.0; }
