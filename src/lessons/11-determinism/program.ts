// Lesson: the same seed, and other weights
import { torch, dnn } from 'wudnn';

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const x = torch.randn(4, 8, 32, 32).to(device);
const dy = torch.randn(4, 8, 32, 32).to(device);

/** The gradient of the filters, four times by the same algorithm. */
async function repeat(algo: 'ALGO_0' | 'ALGO_1'): Promise<torch.Tensor[]> {
  const results: torch.Tensor[] = [];
  for (let run = 0; run < 4; run++) {
    const dw = dnn.convolutionBackwardFilter(x, dy, { weightSize: [8, 8, 3, 3], padding: 1, algo });
    console.log(`${algo}: ${(await dw.data())[0]}`);
    results.push(dw);
  }
  return results;
}

// ALGO_0 adds by atomics in the order in which threads arrive, ALGO_1 in an order of its own.
export const atomic = await repeat('ALGO_0');
export const ordered = await repeat('ALGO_1');
