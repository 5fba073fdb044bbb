// The THREADS invocations that share an output bring their results together in a tree; all of the workgroup must call
// it.
var<workgroup> meeting: array<Acc, GROUP>;

fn meet(t: u32, acc: Acc) -> Acc {
  let lane = t % THREADS;
  meeting[t] = acc;
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (lane < step) { meeting[t] = combine(meeting[t], meeting[t + step]); }
  }
  workgroupBarrier();
  return meeting[t - lane];
}
