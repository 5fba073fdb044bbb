// Lesson: time is not monotonic in the size of the filter
import { torch, nn } from 'wudnn';

torch.backends.cudnn.benchmark = true;
torch.backends.cudnn.benchmarkBudgetMs = 800;
torch.backends.cudnn.benchmarkLimit = 5;
torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const x = torch.randn(1, 24, 28, 28).to(device);

for (const side of [1, 2, 3, 4, 5, 6, 7]) {
  const conv = new nn.Conv2d(24, 24, { kernelSize: side, padding: side >> 1 }).to(device);
  const y = torch.noGrad(() => conv(x));
  await y.data();
  console.log(`${side}×${side}: output ${y.shape}`);
}
