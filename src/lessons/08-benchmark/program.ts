// Lesson: what benchmark costs, and what is kept of it
import { torch, nn, dnn } from 'wudnn';

torch.backends.cudnn.benchmark = true;
torch.backends.cudnn.benchmarkBudgetMs = 2000;
torch.backends.cudnn.benchmarkLimit = 4;
torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const conv = new nn.Conv2d(16, 24, { kernelSize: 5, padding: 2 }).to(device);
const x = torch.randn(2, 16, 24, 24).to(device);

const [times, counts]: [number[], number[]] = [[], []];
const before = dnn.tuningAccount();
for (let call = 0; call < 5; call++) {
  const start = performance.now();
  await torch.noGrad(() => conv(x)).data();
  times.push(performance.now() - start);
  counts.push(dnn.tuningAccount().misses - before.misses);
  console.log(`call ${call + 1}: ${times[call].toFixed(1)} ms, ${counts[call]} measured so far`);
}
export const callMs = torch.tensor(times);
export const measured = torch.tensor(counts);
export const spentMs = torch.tensor([dnn.tuningAccount().tuningMs - before.tuningMs]);
