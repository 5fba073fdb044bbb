/**
 * @file What the bars mean, said once.
 */
import type { AlgorithmChoice } from '../../../dnn/choice/records.ts';
import { firstView } from '../../first-view.ts';
import { raceOf } from './lanes.ts';

export function Legend({ choices }: { choices: readonly AlgorithmChoice[] }) {
  const races = choices.map(raceOf);
  const lanes = races.flatMap((race) => race.lanes);
  const has = (is: (lane: (typeof lanes)[number]) => boolean): boolean => lanes.some(is);
  return (
    <ul class="legend" aria-label="Legend">
      {has(({ candidate }) => candidate.timeMs !== undefined) && (
        <li>
          <i class="swatch measured" /> {firstView.value ? 'measured, recorded elsewhere' : 'measured'}
        </li>
      )}
      {has(({ modelled }) => modelled) && (
        <li>
          <i class="swatch modelled" /> by the model
        </li>
      )}
      {has(({ spreadMs }) => spreadMs !== undefined) && (
        <li>
          <i class="swatch whisker" /> spread
        </li>
      )}
      {has(({ guessed, modelled }) => guessed && !modelled) && (
        <li>
          <b aria-hidden="true">◇</b> the model's guess
        </li>
      )}
      {has(({ candidate }) => candidate.maxError !== undefined) && (
        <li>
          <i class="swatch error" /> error and tolerance, log scale
        </li>
      )}
      {races.some(({ mostMemory }) => mostMemory > 0) && (
        <li class="of-limit">
          <i class="swatch bound" /> workspace limit of the next run: drag it
        </li>
      )}
      {choices.some(({ software }) => software) && (
        <li class="caution">software adapter: times say nothing about a GPU</li>
      )}
    </ul>
  );
}
