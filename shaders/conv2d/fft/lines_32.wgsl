// A line of 32 numbers, transformed by one invocation in its registers: no barriers, no workgroup memory. What a line
// is, and where its numbers come from and go to, is the business of the stage that is linked with this file:
// line_count(), load(line, i), store(line, i, value).
@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let line = linear_invocation(gid, groups, GROUP);
  if (line >= line_count()) { return; }
  let z = fft32(array<Complex, 32>(
    load(line, 0), load(line, 1), load(line, 2), load(line, 3), load(line, 4), load(line, 5), load(line, 6), load(line, 7),
    load(line, 8), load(line, 9), load(line, 10), load(line, 11), load(line, 12), load(line, 13), load(line, 14), load(line, 15),
    load(line, 16), load(line, 17), load(line, 18), load(line, 19), load(line, 20), load(line, 21), load(line, 22), load(line, 23),
    load(line, 24), load(line, 25), load(line, 26), load(line, 27), load(line, 28), load(line, 29), load(line, 30), load(line, 31),
  ));
  store(line, 0, z[0]);
  store(line, 1, z[1]);
  store(line, 2, z[2]);
  store(line, 3, z[3]);
  store(line, 4, z[4]);
  store(line, 5, z[5]);
  store(line, 6, z[6]);
  store(line, 7, z[7]);
  store(line, 8, z[8]);
  store(line, 9, z[9]);
  store(line, 10, z[10]);
  store(line, 11, z[11]);
  store(line, 12, z[12]);
  store(line, 13, z[13]);
  store(line, 14, z[14]);
  store(line, 15, z[15]);
  store(line, 16, z[16]);
  store(line, 17, z[17]);
  store(line, 18, z[18]);
  store(line, 19, z[19]);
  store(line, 20, z[20]);
  store(line, 21, z[21]);
  store(line, 22, z[22]);
  store(line, 23, z[23]);
  store(line, 24, z[24]);
  store(line, 25, z[25]);
  store(line, 26, z[26]);
  store(line, 27, z[27]);
  store(line, 28, z[28]);
  store(line, 29, z[29]);
  store(line, 30, z[30]);
  store(line, 31, z[31]);
}
