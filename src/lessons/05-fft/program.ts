// Lesson: FFT for large filters
import { torch, dnn } from 'wudnn';

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const x = torch.randn(1, 16, 32, 32).to(device);
const filters = { 3: torch.randn(16, 16, 3, 3).to(device), 15: torch.randn(16, 16, 15, 15).to(device) };

/** The time of the kernels of a convolution, in milliseconds. */
async function kernels(side: 3 | 15, algo: 'DIRECT' | 'FFT'): Promise<number> {
  const prof = torch.profiler.profile();
  await prof.run(() => dnn.convolutionForward(x, filters[side], { padding: (side - 1) / 2, algo }));
  return prof.data().events.reduce((sum, { start, end }) => sum + end - start, 0);
}

// In rounds, so that whatever else the machine does meets all four alike; the first one compiles.
const rounds: number[][] = [];
for (let round = 0; round < 9; round++) {
  const times: number[] = [];
  for (const side of [3, 15] as const)
    for (const algo of ['DIRECT', 'FFT'] as const) times.push(await kernels(side, algo));
  if (round > 0) rounds.push(times);
}
console.log('rows of milliseconds: DIRECT and FFT at 3×3, DIRECT and FFT at 15×15');
export const ms = torch.tensor(rounds);
console.log(ms);
