/**
 * @file wuDNN in the race, through its public API; `benchmark` has chosen the algorithm before the first sample.
 */
import { engine } from '../../src/compile/engine.ts';
import { F, torch } from '../../src/torch/index.ts';
import type { Contender } from './contender.ts';

export const wudnn: Contender = {
  name: 'wuDNN',
  prepare: async ({ x: xShape, w: wShape, stride, pad }, xData, wData) => {
    torch.backends.cudnn.benchmark = true;
    torch.backends.cudnn.benchmarkLimit = 0;
    const x = torch.tensor(xData, { shape: xShape }).to('webgpu');
    const w = torch.tensor(wData, { shape: wShape }).to('webgpu');
    const convolve = () => F.conv2d(x, w, null, { stride, padding: pad });
    let last = convolve();
    await last.data();
    return {
      run: async () => {
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
