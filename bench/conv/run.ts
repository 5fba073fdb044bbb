/**
 * @file Runs the rounds over the shapes, wherever the GPU is; the engine is open already.
 */
import { engine } from '../../src/compile/engine.ts';
import { context } from '../../src/dnn/choice/context.ts';
import { ratesOf } from '../../src/dnn/model/rates.ts';
import type { Candidate } from './candidate.ts';
import { flopsOf } from './candidate.ts';
import type { RoundOptions } from './rounds.ts';
import { compareInRounds } from './rounds.ts';
import type { Results } from './report.ts';
import { shapes } from './shapes.ts';

export async function runShapes(
  candidates: readonly Candidate[],
  options: RoundOptions & { only: string },
  host: string,
  onShape: (name: string) => void,
): Promise<Results> {
  const results: Results['shapes'][number][] = [];
  for (const shape of shapes.filter(({ name }) => name.includes(options.only))) {
    onShape(shape.name);
    engine.takeChoices();
    const timings = await compareInRounds(shape, candidates, options);
    const [choice] = engine.takeChoices();
    results.push({
      name: shape.name,
      descriptor: choice?.descriptor ?? '',
      gflop: flopsOf(shape) / 1e9,
      chosen: choice ? `${choice.chosen} ${choice.chosenConfig}`.trim() : 'nothing',
      timings,
    });
  }
  const device = engine.device!;
  const { description, software } = device.adapter;
  const { fma } = await ratesOf(device, context.cache);
  return { adapter: description, software, host, ceilingGflops: 2 * Math.max(fma.f32, fma.f32x4), shapes: results };
}
