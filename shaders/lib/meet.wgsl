// The invocations of a workgroup bring their results together in a tree; every one must call it.
var<workgroup> meeting: array<Acc, GROUP>;

fn meet(t: u32, acc: Acc) -> Acc {
  meeting[t] = acc;
  for (var step = GROUP / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (t < step) { meeting[t] = combine(meeting[t], meeting[t + step]); }
  }
  workgroupBarrier();
  return meeting[0];
}
