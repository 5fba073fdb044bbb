/**
 * @file `npm run bench -- tolerance [NETWORKS [ARITHMETIC]]`: how often a right side of a comparison is called wrong,
 * tensor by tensor, and how often a fault of the size of one tap is found, in each arithmetic. Sides are emulated
 * (test/support/rounded-side.ts).
 */
import type { Arithmetic } from '../../src/dnn/tolerance.ts';
import { inOrder } from '../../src/session/judge/sum-length.ts';
import { faultIn, faultNames } from '../../test/support/faults.ts';
import { randomNetwork, zoo } from '../../test/support/networks.ts';
import { JudgedSide } from '../../test/support/rounded-side.ts';

const kinds: readonly { readonly name: string; readonly arithmetic: Arithmetic; readonly convolutionError?: number }[] =
  [
    { name: 'float32', arithmetic: 'float32' },
    { name: 'float32 by Winograd or FFT', arithmetic: 'float32', convolutionError: 5e-5 },
    { name: 'TF32', arithmetic: 'tf32' },
    { name: 'bfloat16', arithmetic: 'bfloat16' },
    { name: 'float16', arithmetic: 'float16' },
  ];

export async function main([count = '200', only]: string[]): Promise<void> {
  const networks = await zoo();
  for (let seed = 0; seed < Number(count); seed++) networks.push([`random ${seed}`, randomNetwork(seed)]);
  for (const { name, ...how } of kinds.filter((kind) => only === undefined || kind.name === only)) {
    let [tensors, alarms] = [0, 0];
    const found = new Map(faultNames.map((fault) => [fault, { tried: 0, caught: 0 }]));
    for (const [i, [network, model]] of networks.entries()) {
      const judged = await JudgedSide.of(model, how.arithmetic);
      const right = [0, 1].flatMap((again) => judged.compare({ ...how, seed: 2 * i + again }));
      tensors += right.length;
      for (const { name: tensor, relativeError, remoteError, localError, tolerance } of right.filter(
        ({ verdict }) => verdict === 'differs',
      )) {
        alarms++;
        console.log(
          `  ${name}: ${network}, ${tensor}: ${[relativeError, localError, remoteError, tolerance].map((x) => x?.toExponential(1)).join(', ')}`,
        );
      }
      for (const kind of faultNames) {
        const fault = faultIn(inOrder(judged.nodes), kind, i);
        if (!fault) continue;
        const counted = found.get(kind)!;
        counted.tried++;
        if (judged.compare({ ...how, seed: i, fault }).some(({ verdict }) => verdict === 'differs')) counted.caught++;
      }
    }
    console.log(
      `${name}: ${alarms} of ${tensors} right tensors called wrong (${((1000 * alarms) / tensors).toFixed(2)} in 1,000)`,
    );
    for (const [kind, { tried, caught }] of found) console.log(`  ${kind}: ${caught} of ${tried} found`);
  }
}
