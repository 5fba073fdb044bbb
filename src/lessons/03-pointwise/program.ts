// Lesson: a 1×1 convolution is a matrix product
import { torch, nn } from 'wudnn';

class Layers extends nn.Module {
  pointwise = new nn.Conv2d(64, 128, { kernelSize: 1, bias: false });
  three = new nn.Conv2d(64, 128, { kernelSize: 3, padding: 1, bias: false });
}

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const layers = new Layers().to(device);
const x = torch.randn(1, 64, 14, 14).to(device);

const byConvolution = torch.noGrad(() => layers.pointwise(x));
await byConvolution.data();
await torch.noGrad(() => layers.three(x)).data(); // to hold its workspace against

// The filters are a matrix of 128×64, the image is one of 64×196.
const filters = layers.pointwise.weight.detach().reshape(128, 64);
const byProduct = torch.matmul(filters, x.reshape(64, 196)).reshape(1, 128, 14, 14);

export const difference = byConvolution.sub(byProduct).abs().max();
export const largest = byProduct.abs().max();
console.log(`largest difference ${await difference.item()}, largest element ${await largest.item()}`);
