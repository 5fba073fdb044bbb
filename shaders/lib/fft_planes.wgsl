// Planes of real numbers, and where their spectra lie. A plane is a tile of an image, or a filter, or a tile of a
// gradient: plane (g, a, b) of a launch, where a is the channel and b the tile (of an image) or filter.
struct Planes {
  groups: u32, A: u32, B: u32,
  // The channels of one group in the tensor, and which of them is plane a = 0: for the bias.
  channels: u32, first_channel: u32,
  // Where element (0, 0) of plane (0, 0, 0) lies in the tensor, and strides there, by image, group, a, row, column.
  origin: i32, image: i32, group: i32, a: i32, row: i32, column: i32,
  // The image behind the tiles: its size, the zeros around it, the tiles' distance and number, the first tile of this
  // launch.
  H: u32, W: u32, pad_top: i32, pad_left: i32,
  step_h: u32, step_w: u32, rows: u32, columns: u32, first: u32,
  // Strides of the spectra, in complex numbers.
  point_stride: u32, spectrum_group: u32, spectrum_a: u32, spectrum_b: u32,
}

struct Plane { g: u32, a: u32, b: u32 }

fn plane_at(planes: Planes, index: u32) -> Plane {
  return Plane(index / (planes.A * planes.B), index / planes.B % planes.A, index % planes.B);
}

fn plane_count(planes: Planes) -> u32 { return planes.groups * planes.A * planes.B; }

// Where the plane's image begins in the tensor, and where its tile begins in the image.
struct Corner { start: i32, h: i32, w: i32 }

fn corner(planes: Planes, plane: Plane) -> Corner {
  let tile = planes.first + plane.b;
  let n = tile / (planes.rows * planes.columns);
  return Corner(
    planes.origin + i32(n) * planes.image + i32(plane.g) * planes.group + i32(plane.a) * planes.a,
    i32(tile / planes.columns % planes.rows * planes.step_h) - planes.pad_top,
    i32(tile % planes.columns * planes.step_w) - planes.pad_left,
  );
}

fn spectrum_start(planes: Planes, plane: Plane) -> u32 {
  return plane.g * planes.spectrum_group + plane.a * planes.spectrum_a + plane.b * planes.spectrum_b;
}
