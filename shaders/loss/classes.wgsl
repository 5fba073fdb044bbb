// A sample of the class `ignored` counts for nothing; that of any other is one that there is, which is checked before.
// Samples are the positions of a tensor [outer, classes, inner] without its classes.
struct Classes { samples: u32, classes: u32, inner: u32, ignored: i32, chunk: u32 }
