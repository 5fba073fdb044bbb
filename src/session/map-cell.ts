/**
 * @file One cell of a crossover map, for the page: every algorithm of a convolution, by the model or measured.
 */
import { engine } from '../compile/engine.ts';
import { context, openDevice } from '../dnn/choice/context.ts';
import type { AlgorithmChoice } from '../dnn/choice/records.ts';
import { convProblemOf } from '../dnn/conv2d/sizes.ts';
import { raceOf } from '../dnn/choice/race.ts';
import type { CellRequest } from './protocol.ts';

/** Runs between programs' computations. What is measured is kept with the measurements of the program that ran last. */
export async function mapCell({ sizes, direction, dtype, budgetMs }: CellRequest): Promise<AlgorithmChoice> {
  const problem = convProblemOf(sizes, { direction, dtype });
  const races: AlgorithmChoice[] = [];
  await engine.work(async () => void races.push(await raceOf(problem, openDevice('map'), context.cache, budgetMs)));
  return races[0];
}
