// Lesson: how much does a library give?
import { torch, dnn } from 'wudnn';

// Layers as in ResNet-50, made small: the stem, a 3×3, a 1×1.
const layers = {
  stem: { x: [1, 3, 56, 56], w: [32, 3, 7, 7], padding: 3, stride: 2 },
  three: { x: [1, 64, 28, 28], w: [64, 64, 3, 3], padding: 1 },
  one: { x: [1, 128, 14, 14], w: [256, 128, 1, 1] },
} as const;

const [plainest, fastest]: [number[], number[]] = [[], []];
for (const [name, shape] of Object.entries(layers)) {
  const desc = dnn.convolutionDescriptor(shape);
  // The definition as it stands in a textbook: one thread for each output, three loops.
  const [plain] = await dnn.findConvolutionAlgorithms(desc, { algo: 'DIRECT', config: 'one output a thread' });
  const [best] = await dnn.findConvolutionAlgorithms(desc, { limit: 4, budgetMs: 1500 });
  plainest.push(plain.timeMs ?? NaN);
  fastest.push(best.timeMs ?? NaN);
  console.log(
    `${name}: ${plain.timeMs?.toFixed(2)} ms, best ${best.algo} ${best.config} ${best.timeMs?.toFixed(2)} ms`,
  );
}
export const naiveMs = torch.tensor(plainest);
export const tunedMs = torch.tensor(fastest);
