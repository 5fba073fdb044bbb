// Lesson: where Winograd wins, where it is refused, and its error
import { torch, nn, dnn } from 'wudnn';

class Layers extends nn.Module {
  three = new nn.Conv2d(32, 32, { kernelSize: 3, padding: 1 });
  strided = new nn.Conv2d(32, 32, { kernelSize: 3, padding: 1, stride: 2 });
  wide = new nn.Conv2d(32, 32, { kernelSize: 7, padding: 3 });

  forward(x: torch.Tensor): torch.Tensor[] {
    return [this.three(x), this.strided(x), this.wide(x)];
  }
}

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const layers = new Layers().to(device);
for (const y of torch.noGrad(() => layers(torch.randn(1, 32, 28, 28).to(device)))) await y.data();

// The 3×3 layer by three algorithms: each is verified against float64, and timed.
const desc = dnn.convolutionDescriptor({ x: [1, 32, 28, 28], w: [32, 32, 3, 3], padding: 1 });
const [times, faults]: [number[], number[]] = [[], []];
for (const algo of ['IMPLICIT_GEMM', 'WINOGRAD', 'WINOGRAD_NONFUSED']) {
  const [best] = await dnn.findConvolutionAlgorithms(desc, { algo, limit: 2, budgetMs: 1500 });
  times.push(best.timeMs ?? NaN);
  faults.push(best.maxError ?? NaN);
  console.log(`${algo}: ${best.timeMs?.toFixed(3)} ms, error ${best.maxError?.toExponential(1)}`);
}
export const ms = torch.tensor(times);
export const errors = torch.tensor(faults);
