// Lesson: which algorithm ran, and why?
import { torch, nn } from 'wudnn';

class SimpleCNN extends nn.Module {
  conv1 = new nn.Conv2d(3, 16, { kernelSize: 3, padding: 1 });

  forward(x: torch.Tensor): torch.Tensor {
    return this.conv1(x);
  }
}

// As in PyTorch: time the candidates for each new shape, and keep the fastest.
torch.backends.cudnn.benchmark = true;
torch.backends.cudnn.benchmarkLimit = 6;
torch.manualSeed(0);

const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const model = new SimpleCNN().to(device);
const input = torch.randn(4, 3, 32, 32).to(device);

export const output = torch.noGrad(() => model(input));
console.log(`output shape: ${output.shape}`);
