// Lesson: depthwise has fewer operations; is it faster?
import { torch, nn } from 'wudnn';

class Layers extends nn.Module {
  dense = new nn.Conv2d(64, 64, { kernelSize: 3, padding: 1, bias: false });
  depthwise = new nn.Conv2d(64, 64, { kernelSize: 3, padding: 1, bias: false, groups: 64 });

  forward(x: torch.Tensor): torch.Tensor[] {
    return [this.dense(x), this.depthwise(x)];
  }
}

torch.backends.cudnn.benchmark = true;
torch.backends.cudnn.benchmarkBudgetMs = 2500;
torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const layers = new Layers().to(device);
for (const y of torch.noGrad(() => layers(torch.randn(1, 64, 28, 28).to(device)))) {
  await y.data();
  console.log(`output ${y.shape}`);
}
