// Lesson: benchmark with sizes that change
import { torch, nn, dnn } from 'wudnn';

torch.backends.cudnn.benchmark = true;
torch.backends.cudnn.benchmarkBudgetMs = 700;
torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const conv = new nn.Conv2d(8, 16, { kernelSize: 3, padding: 1 }).to(device);

// The first four sizes are new, the others come again.
const rows = [20, 23, 26, 29, 23, 29, 20, 26];
const [times, counts]: [number[], number[]] = [[], []];
const before = dnn.tuningAccount();
for (const side of rows) {
  const x = torch.randn(1, 8, side, side).to(device);
  await x.data();
  const start = performance.now();
  await torch.noGrad(() => conv(x)).data();
  times.push(performance.now() - start);
  counts.push(dnn.tuningAccount().misses - before.misses);
  console.log(`${side}×${side}: ${times.at(-1)!.toFixed(1)} ms`);
}
export const sides = torch.tensor(rows);
export const stepMs = torch.tensor(times);
export const measured = torch.tensor(counts);
