/**
 * @file jax-js in the race, jitted, on its WebGPU backend.
 */
import { defaultDevice, getWebGPUDevice, init, jit, lax, numpy } from '@jax-js/jax';
import type { Contender } from './contender.ts';
import peers from '../package.json' with { type: 'json' };

type JaxArray = ReturnType<typeof numpy.array>;

export const jax: Contender = {
  name: `jax-js ${peers.dependencies['@jax-js/jax']}`,
  prepare: async ({ x: xShape, w: wShape, stride, pad }, xData, wData) => {
    await init('webgpu');
    defaultDevice('webgpu');
    const x = numpy.array(xData as Float32Array<ArrayBuffer>, { shape: [...xShape] });
    const w = numpy.array(wData as Float32Array<ArrayBuffer>, { shape: [...wShape] });
    const padding: [number, number][] = [
      [pad, pad],
      [pad, pad],
    ];
    const convolve = jit((a: JaxArray, b: JaxArray) => lax.convGeneralDilated(a, b, [stride, stride], padding));
    // Arrays are computed lazily, and one that is disposed before it was needed is never computed; so all are kept until the end.
    let pending: JaxArray[] = [];
    let last = convolve(x.ref, w.ref);
    return {
      run: () => {
        pending.push(convolve(x.ref, w.ref));
      },
      sync: async () => {
        await Promise.all(pending.map((array) => array.ref.blockUntilReady()));
        await getWebGPUDevice().queue.onSubmittedWorkDone();
        if (pending.length === 0) return;
        last.dispose();
        last = pending.pop()!;
        for (const array of pending) array.dispose();
        pending = [];
      },
      output: async () => (await last.ref.data()) as Float32Array,
      dispose: () => [x, w, last].forEach((a) => a.dispose()),
    };
  },
};
