/**
 * @file Runs the race over the shapes, wherever the GPU is; the engine is open already.
 */
import { engine } from '../../src/compile/engine.ts';
import { context } from '../../src/dnn/choice/context.ts';
import { ratesOf } from '../../src/dnn/model/rates.ts';
import type { Contender } from './contender.ts';
import { flopsOf } from './contender.ts';
import type { RaceOptions } from './race.ts';
import { race } from './race.ts';
import type { Results } from './report.ts';
import { shapes } from './shapes.ts';

export async function runShapes(
  contenders: readonly Contender[],
  options: RaceOptions & { only: string },
  host: string,
  onShape: (name: string) => void,
): Promise<Results> {
  const results: Results['shapes'][number][] = [];
  for (const shape of shapes.filter(({ name }) => name.includes(options.only))) {
    onShape(shape.name);
    engine.takeChoices();
    const laps = await race(shape, contenders, options);
    const [choice] = engine.takeChoices();
    results.push({
      name: shape.name,
      descriptor: choice?.descriptor ?? '',
      gflop: flopsOf(shape) / 1e9,
      chosen: choice ? `${choice.chosen} ${choice.chosenConfig}`.trim() : 'nothing',
      laps,
    });
  }
  const device = engine.device!;
  const { description, software } = device.adapter;
  const { fma } = await ratesOf(device, context.cache);
  return { adapter: description, software, host, ceilingGflops: 2 * Math.max(fma.f32, fma.f32x4), shapes: results };
}
