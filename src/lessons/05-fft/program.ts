// Lesson: FFT for large filters
import { torch, dnn } from 'wudnn';

const sides = [3, 15];
const found: number[] = [];
for (const side of sides) {
  const desc = dnn.convolutionDescriptor({ x: [1, 8, 32, 32], w: [8, 8, side, side], padding: (side - 1) / 2 });
  for (const algo of ['DIRECT', 'FFT']) {
    const [best] = await dnn.findConvolutionAlgorithms(desc, { algo, limit: 2, budgetMs: 1500 });
    found.push(best.timeMs ?? NaN);
    console.log(`${side}×${side} by ${algo}: ${best.timeMs?.toFixed(3)} ms`);
  }
}
// DIRECT and FFT at 3×3, DIRECT and FFT at 15×15.
export const ms = torch.tensor(found);
