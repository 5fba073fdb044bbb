/**
 * @file What the bars mean, said once.
 */
import type { AlgorithmChoice } from '../../../dnn/choice/records.ts';
import { firstView } from '../../first-view.ts';
import { say } from '../../language.ts';
import { WithTerms } from '../../glossary/explained.tsx';
import { raceOf } from './lanes.ts';

export function Legend({ choices }: { choices: readonly AlgorithmChoice[] }) {
  const races = choices.map(raceOf);
  const lanes = races.flatMap((race) => race.lanes);
  const has = (is: (lane: (typeof lanes)[number]) => boolean): boolean => lanes.some(is);
  return (
    <ul class="legend" aria-label={say({ en: 'Legend', zh: '图例' })}>
      {has(({ candidate }) => candidate.timeMs !== undefined) && (
        <li>
          <i class="swatch measured" />{' '}
          {firstView.value
            ? say({ en: 'measured, recorded elsewhere', zh: '实测，在别处录制' })
            : say({ en: 'measured', zh: '实测' })}
        </li>
      )}
      {has(({ modelled }) => modelled) && (
        <li>
          <i class="swatch modelled" />
          <WithTerms text={say({ en: '[model:by the model]', zh: '[model:模型估算]' })} />
        </li>
      )}
      {has(({ spreadMs }) => spreadMs !== undefined) && (
        <li>
          <i class="swatch whisker" />
          <WithTerms text={say({ en: '[spread:spread]', zh: '[spread:离散程度]' })} />
        </li>
      )}
      {has(({ guessed, modelled }) => guessed && !modelled) && (
        <li>
          <b aria-hidden="true">◇</b>
          <WithTerms text={say({ en: "[guess:the model's guess]", zh: '[guess:模型的猜测]' })} />
        </li>
      )}
      {has(({ candidate }) => candidate.maxError !== undefined) && (
        <li>
          <i class="swatch error" />
          <WithTerms
            text={say({
              en: '[error:error] and [tolerance:tolerance], log scale',
              zh: '[error:误差]与[tolerance:容差]（对数刻度）',
            })}
          />
        </li>
      )}
      {races.some(({ mostMemory }) => mostMemory > 0) && (
        <li class="of-limit">
          <i class="swatch bound" />
          <WithTerms
            text={say({
              en: '[workspace:workspace] limit of the next run: drag it',
              zh: '下次运行的[workspace:工作空间]上限：可拖动',
            })}
          />
        </li>
      )}
      {choices.some(({ software }) => software) && (
        <li class="caution">
          {say({ en: 'software adapter: times say nothing about a GPU', zh: '软件适配器：耗时不代表 GPU' })}
        </li>
      )}
    </ul>
  );
}
