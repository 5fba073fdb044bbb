/**
 * @file DIRECT: the definition. One invocation computes one output and reads the window that lies over it.
 */
import {
  addFilters,
  addInput,
  addOutput,
  outputHeight,
  outputWidth,
  placesOf,
  sumOf,
  sumText,
  termsOf,
  yGrid,
} from './convolution.ts';
import type { Walkthrough } from './walkthrough.ts';
import { SceneBuilder } from './walkthrough.ts';

export const direct: Walkthrough = {
  name: 'DIRECT',
  direction: 'forward',
  about: 'Slides the filter over the image: every output is the sum of a window times the filter.',
  scene: (d) => {
    const builder = new SceneBuilder();
    addInput(builder, d);
    addFilters(builder, d);
    addOutput(builder, d, 1);
    const [P, Q] = [outputHeight(d), outputWidth(d)];
    for (let k = 0; k < d.K; k++)
      for (let p = 0; p < P; p++)
        for (let q = 0; q < Q; q++) {
          const terms = termsOf(d, k, p, q);
          const inside = terms.filter(({ at }) => at !== undefined);
          const outside = terms.length - inside.length;
          builder.step({
            text: `The window over output [${k}, ${p}, ${q}] times filter ${k}, summed${outside > 0 ? `; ${outside} of its ${terms.length} numbers are padding, which is 0` : ''}.`,
            formula: `y[${k}, ${p}, ${q}] = ${sumText(terms)}`,
            reads: placesOf(d, k, terms),
            writes: [[yGrid(k), p * Q + q, sumOf(terms)]],
            multiplications: inside.length,
            additions: Math.max(0, inside.length - 1),
          });
        }
    return builder.scene;
  },
};
