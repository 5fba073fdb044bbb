// Lesson: what fusing saves
import { torch, nn, F } from 'wudnn';

class Block extends nn.Module {
  conv = new nn.Conv2d(8, 16, { kernelSize: 3, padding: 1 });

  // By name, so that both ways compute the convolution by the same algorithm.
  forward(x: torch.Tensor): torch.Tensor {
    return F.relu(F.conv2d(x, this.conv.weight, this.conv.bias, { padding: 1, algo: 'DIRECT' }));
  }
}

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const block = new Block().to(device);
const compiled = torch.compile(block);
const x = torch.randn(4, 8, 48, 48).to(device);

const [kernelCounts, byteCounts, times]: [number[], number[], number[]] = [[], [], []];
for (const [name, model] of [
  ['eager', block],
  ['compiled', compiled],
] as const) {
  const call = (): torch.Tensor => torch.noGrad(() => model(x));
  for (let warm = 0; warm < 3; warm++) await call().data();
  let least = Infinity;
  for (let round = 0; round < 7; round++) {
    const prof = torch.profiler.profile();
    await prof.run(call);
    const { events } = prof.data();
    least = Math.min(
      least,
      events.reduce((sum, { start, end }) => sum + end - start, 0),
    );
    kernelCounts[times.length] = events.length;
    byteCounts[times.length] = events.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  times.push(least);
  console.log(`${name}: ${kernelCounts.at(-1)} kernels, ${byteCounts.at(-1)} bytes, ${least.toFixed(3)} ms`);
}
export const kernels = torch.tensor(kernelCounts);
export const bytes = torch.tensor(byteCounts);
export const ms = torch.tensor(times);
export const activation = torch.tensor([4 * 4 * 16 * 48 * 48]);
