// Lesson: what a limit of workspace costs
import { torch, nn } from 'wudnn';

class Layers extends nn.Module {
  free = new nn.Conv2d(32, 32, { kernelSize: 3, padding: 1 });
  tight = new nn.Conv2d(32, 32, { kernelSize: 3, padding: 1 });
  none = new nn.Conv2d(32, 32, { kernelSize: 3, padding: 1 });

  forward(x: torch.Tensor, layer: 'free' | 'tight' | 'none'): torch.Tensor {
    return this[layer](x);
  }
}

torch.backends.cudnn.benchmark = true;
torch.backends.cudnn.benchmarkBudgetMs = 2000;
torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const layers = new Layers().to(device);
const x = torch.randn(1, 32, 28, 28).to(device);

// PyTorch has no such switch: its users ask for one. Here it is a number of bytes.
for (const [layer, limit] of [
  ['free', Infinity],
  ['tight', 64 * 1024],
  ['none', 0],
] as const) {
  torch.backends.cudnn.workspaceLimit = limit;
  const y = torch.noGrad(() => layers(x, layer));
  await y.data();
  console.log(`${layer}: at most ${limit} bytes`);
}
