/**
 * @file The map in a sentence.
 */
import type { CrossoverMap } from '../../../crossover/map.ts';
import { legendOf } from '../../../crossover/map.ts';

/** `'By the model, WINOGRAD wins 30 of 48 cells, DIRECT 12, FFT 6.'`, and on what. */
export function sentenceOf(map: CrossoverMap, filled: number): string {
  const { cells, adapter, software, source } = map;
  const on = `${adapter}${software ? ', a software adapter: its times say nothing about a GPU' : ''}`;
  if (filled === 0)
    return source === 'measured'
      ? `Nothing is measured yet. On ${on}.`
      : `The model is asked who wins in each cell. On ${on}.`;
  const [first, ...others] = legendOf(cells);
  const by = source === 'measured' ? 'Measured' : 'By the model, not measured';
  const wins = first
    ? `${first.algo} wins ${first.count} of ${filled} cells${others.map(({ algo, count }) => `, ${algo} ${count}`).join('')}`
    : 'nothing can run in any cell so far';
  return `${by}: ${wins}. On ${on}.`;
}
