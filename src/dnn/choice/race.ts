/**
 * @file The race of one problem outside of any program: by the model, or measured.
 */
import type { PlanCache } from './cache.ts';
import { Chooser } from './choose.ts';
import type { AlgorithmChoice } from './records.ts';
import { defaultSettings } from './settings.ts';
import type { Problem } from '../problem.ts';
import type { Device } from '../../gpu/device.ts';

/**
 * Every candidate with its time. With a budget in milliseconds of wall time it is measured, unless the cache has it,
 * and kept there; without one the model predicts it.
 */
export async function raceOf(
  problem: Problem,
  device: Device,
  cache: PlanCache,
  budgetMs?: number,
): Promise<AlgorithmChoice> {
  const settings = { ...defaultSettings(), benchmark: budgetMs !== undefined };
  if (budgetMs !== undefined) settings.benchmarkBudgetMs = budgetMs;
  const chooser = new Chooser(device, settings, cache);
  if (budgetMs === undefined) return chooser.predict(problem);
  await chooser.choose(problem);
  return chooser.takeChoices()[0];
}
