// Lesson: the same image, another batch, other bits
import { torch, nn, dnn } from 'wudnn';

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const conv = new nn.Conv2d(32, 32, { kernelSize: 3, padding: 1, bias: false }).to(device);
const image = torch.randn(1, 32, 24, 24).to(device);
const batch = torch.cat([image, torch.randn(2, 32, 24, 24).to(device)], 0);

/** The layer by an algorithm. */
async function by(forward: 'WINOGRAD_NONFUSED' | 'DIRECT', x: torch.Tensor): Promise<torch.Tensor> {
  const y = dnn.withConvolutionAlgorithm({ forward }, () => torch.noGrad(() => conv(x)));
  await y.data();
  return y;
}

// As a library may choose: transforms for the image alone, the definition for the batch. Then the same for both.
const alone = await by('WINOGRAD_NONFUSED', image);
const first = (await by('DIRECT', batch)).narrow(0, 0, 1);
const same = (await by('DIRECT', image)).sub(first);

export const otherAlgorithm = alone.sub(first).abs().max();
export const sameAlgorithm = same.abs().max();
export const summed = alone.sub(first).abs().sum();
export const largest = first.abs().max();
console.log(`differences: ${await otherAlgorithm.item()} and ${await sameAlgorithm.item()}`);
