// Images cut into rows × columns tiles, and where a transformed tile lies. A launch takes `count` tiles, the first of
// which is number `first` among the tiles of all images.
struct Tiles {
  // Channels of one group; the image's own height and width.
  groups: u32, channels: u32, H: u32, W: u32,
  // Zeros above and to the left of the image.
  pad_top: i32, pad_left: i32,
  rows: u32, columns: u32, first: u32, count: u32,
  // Strides of a transformed tile's points in the workspace, in elements.
  point_stride: u32, group_stride: u32, channel_stride: u32, tile_stride: u32,
}

// One tile of one channel: the image's first row in its buffer, the tile's place among rows and columns, and where its
// first point lies.
struct Tile { channel: u32, image_row: u32, row: u32, column: u32, points: u32 }

fn tile_at(tiles: Tiles, index: u32) -> Tile {
  let t = index % tiles.count;
  let channel = index / tiles.count;
  let number = tiles.first + t;
  let n = number / (tiles.rows * tiles.columns);
  return Tile(
    channel,
    (n * tiles.groups * tiles.channels + channel) * tiles.H,
    number / tiles.columns % tiles.rows,
    number % tiles.columns,
    channel / tiles.channels * tiles.group_stride + channel % tiles.channels * tiles.channel_stride + t * tiles.tile_stride,
  );
}
