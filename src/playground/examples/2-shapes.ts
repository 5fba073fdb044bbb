// Four convolutions: which algorithm wins where
import { torch, nn } from 'wudnn';

// No algorithm is fastest for every shape. Run this, then look at the Algorithms table:
// each layer has its own winner, and the other candidates stay visible.
torch.backends.cudnn.benchmark = true;
torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');

class Layers extends nn.Module {
  small3x3 = new nn.Conv2d(16, 32, { kernelSize: 3, padding: 1 });
  pointwise = new nn.Conv2d(32, 64, { kernelSize: 1 });
  strided5x5 = new nn.Conv2d(64, 32, { kernelSize: 5, stride: 2, padding: 2 });
  depthwise = new nn.Conv2d(32, 32, { kernelSize: 3, padding: 1, groups: 32 });

  forward(x: torch.Tensor): torch.Tensor {
    x = this.small3x3(x);
    x = this.pointwise(x);
    x = this.strided5x5(x);
    return this.depthwise(x);
  }
}

const model = new Layers().to(device);
console.log(`${model}`);
export const output = model(torch.randn(2, 16, 28, 28).to(device));
