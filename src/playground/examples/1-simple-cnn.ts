// SimpleCNN: convolution, ReLU, max pool
import { torch, nn } from 'wudnn';

class SimpleCNN extends nn.Module {
  conv1 = new nn.Conv2d(3, 16, { kernelSize: 3, stride: 1, padding: 1 });
  relu = new nn.ReLU();
  pool = new nn.MaxPool2d(2, 2);

  forward(x: torch.Tensor): torch.Tensor {
    x = this.conv1(x);
    x = this.relu(x);
    x = this.pool(x);
    return x;
  }
}

// For each new convolution, time the 10 most promising candidates and keep the fastest; benchmarkLimit = 0 times all.
torch.backends.cudnn.benchmark = true;
torch.manualSeed(0);

const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const model = new SimpleCNN().to(device);
const input = torch.randn(4, 3, 32, 32).to(device);

// Press Run: the page shows what a program exports under Output.
export const output = model(input);

console.log(`device: ${device}`);
console.log(`output shape: ${output.shape}`);
