// A small classifier: Sequential, without measuring
import { torch, nn } from 'wudnn';

// Benchmark is off by default, so nothing is measured: a model of the adapter predicts the fastest
// algorithm from bytes, operations and launches. The table marks predicted times with ≈.
torch.backends.cudnn.benchmark = false;
torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');

const model = new nn.Sequential(
  new nn.Conv2d(1, 8, { kernelSize: 5, padding: 2 }),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Conv2d(8, 16, { kernelSize: 5 }),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Flatten(),
  new nn.Linear(400, 10),
).to(device);

const images = torch.randn(8, 1, 28, 28).to(device);
export const scores = model(images);

console.log(`${model}`);
console.log('scores of the first image:', (await scores.data()).slice(0, 10));
