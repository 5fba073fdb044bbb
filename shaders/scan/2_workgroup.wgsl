// Running sum or product, one workgroup a row: each invocation takes a run of the row; what lies before its run comes
// from a scan of the runs' totals in workgroup memory. Right where rows are few and long. Reads twice, writes once.
// Source: W. D. Hillis, G. L. Steele, "Data parallel algorithms", 1986.
@group(0) @binding(0) var<storage, read> x: array<Elem>;
@group(0) @binding(1) var<storage, read_write> y: array<Out>;
@group(0) @binding(2) var<uniform> p: Rows;

var<workgroup> totals: array<Acc, GROUP>;

fn place(first: u32, i: u32) -> u32 { return first + select(i, p.length - 1u - i, REVERSE) * p.inner; }

@compute @workgroup_size(GROUP)
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) t: u32) {
  let row = wid.y * groups.x + wid.x;
  let length = select(0u, p.length, row < p.rows);
  let first = row_start(p, row);
  let run = (length + GROUP - 1u) / GROUP;
  let begin = min(t * run, length);
  let end = min(begin + run, length);
  var total = start();
  for (var i = begin; i < end; i++) { total = combine(total, lift(x[place(first, i)], i)); }
  totals[t] = total;
  for (var step = 1u; step < GROUP; step *= 2u) {
    workgroupBarrier();
    let before = totals[max(t, step) - step];
    workgroupBarrier();
    if (t >= step) { totals[t] = combine(before, totals[t]); }
  }
  workgroupBarrier();
  var acc = start();
  if (t > 0u) { acc = totals[t - 1u]; }
  for (var i = begin; i < end; i++) {
    let at = place(first, i);
    acc = combine(acc, lift(x[at], i));
    y[at] = result(acc);
  }
}
