// Lesson: the memory that im2col takes
import { torch, nn } from 'wudnn';

class Layer extends nn.Module {
  conv = new nn.Conv2d(16, 32, { kernelSize: 3, padding: 1 });

  forward(x: torch.Tensor): torch.Tensor {
    return this.conv(x);
  }
}

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const model = new Layer().to(device);
const input = torch.randn(1, 16, 32, 32).to(device);

export const output = torch.noGrad(() => model(input));
console.log(`the input has ${input.numel() * 4} bytes`);
