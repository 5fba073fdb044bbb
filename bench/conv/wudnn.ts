/**
 * @file wuDNN, through its public API; `benchmark` has chosen the algorithm before the first sample.
 */
import { engine } from '../../src/compile/engine.ts';
import { F, torch } from '../../src/torch/index.ts';
import type { Candidate } from './candidate.ts';
import { groupsOf } from './candidate.ts';

export const wudnn: Candidate = {
  name: 'wuDNN',
  prepare: async (shape, xData, wData) => {
    const { x: xShape, w: wShape, stride, pad } = shape;
    torch.backends.cudnn.benchmark = true;
    torch.backends.cudnn.benchmarkLimit = 0;
    const x = torch.tensor(xData, { shape: xShape }).to('webgpu');
    const w = torch.tensor(wData, { shape: wShape }).to('webgpu');
    const convolve = () => F.conv2d(x, w, null, { stride, padding: pad, groups: groupsOf(shape) });
    let last = convolve();
    await last.data();
    return {
      call: async () => {
        last.dispose();
        last = convolve();
        await engine.realize([last.node]);
      },
      sync: () => engine.idle(),
      output: async () => Float32Array.from(await last.data()),
      dispose: () => [last, x, w].forEach((t) => t.dispose()),
    };
  },
};
