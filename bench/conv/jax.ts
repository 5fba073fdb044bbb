/**
 * @file jax-js, jitted.
 */
import { jit, lax, numpy } from '@jax-js/jax';
import peers from '../package.json' with { type: 'json' };
import type { JaxArray } from '../peers/jax.ts';
import { openBackend, prepareFunction } from '../peers/jax.ts';
import type { Candidate } from './candidate.ts';
import { groupsOf } from './candidate.ts';

export const jax: Candidate = {
  name: `jax-js ${peers.dependencies['@jax-js/jax']}`,
  prepare: async (shape, xData, wData) => {
    await openBackend();
    const x = numpy.array(xData, { shape: [...shape.x] });
    const w = numpy.array(wData, { shape: [...shape.w] });
    const { stride, pad } = shape;
    const padding: [number, number][] = [
      [pad, pad],
      [pad, pad],
    ];
    const options = { featureGroupCount: groupsOf(shape) };
    const convolve = jit((a: JaxArray, b: JaxArray) =>
      lax.convGeneralDilated(a, b, [stride, stride], padding, options),
    );
    return prepareFunction(() => convolve(x.ref, w.ref), [x, w]);
  },
};
