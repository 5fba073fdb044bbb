/**
 * @file One problem's race: its lanes on one scale, the limit of workspace across them, and who is out.
 */
import { formatBytes } from '../../../base/format.ts';
import type { AlgorithmChoice } from '../../../dnn/choice/records.ts';
import { sourceText } from '../../../dnn/choice/verdict.ts';
import { firstView } from '../../first-view.ts';
import { language, say } from '../../language.ts';
import { isSelected, select } from '../../selection.ts';
import { fixed } from '../../settings.ts';
import { LaneRow } from './lane.tsx';
import { raceOf } from './lanes.ts';
import { WorkspaceLimit } from './limit.tsx';
import { OutLine } from './out.tsx';
import { titleOf } from './words.ts';

interface Props {
  readonly choice: AlgorithmChoice;
  readonly id: string;
  /** Of no run: there is nothing to force or to limit. */
  readonly lookOnly?: boolean;
}

export function Card({ choice, id, lookOnly = false }: Props) {
  const { layer, operation, descriptor } = choice;
  const race = raceOf(choice);
  const limit = lookOnly ? undefined : fixed.value.workspaceLimit;
  const selected = layer !== undefined && isSelected('layer', layer);
  return (
    <article class={selected ? 'card selected' : 'card'} id={id} aria-label={titleOf(choice)}>
      <header>
        <h3>
          {layer === undefined ? (
            titleOf(choice)
          ) : (
            <button type="button" class="plain" aria-pressed={selected} onClick={() => select('layer', layer)}>
              {titleOf(choice)}
            </button>
          )}
        </h3>
        <p>
          {layer !== undefined && `${operation} `}
          <code>{descriptor}</code>
        </p>
        <p class="source">
          {firstView.value && !lookOnly
            ? say({ en: 'measured when it was recorded', zh: '录制时实测' })
            : sourceText(choice, language.value)}
        </p>
      </header>
      <div class="lanes" style={{ '--lanes': race.lanes.length }}>
        <div class="head" aria-hidden="true">
          <span class="of-time">{say({ en: 'Time', zh: '耗时' })}</span>
          <span class="of-memory">
            {say({ en: 'Workspace', zh: '工作空间' })}
            {limit !== undefined && ` ≤ ${formatBytes(limit)}`}
          </span>
          <span class="of-error">{say({ en: 'Error', zh: '误差' })}</span>
        </div>
        {race.lanes.map((lane, at) => (
          <LaneRow
            key={lane.candidate.candidateId}
            at={at}
            lane={lane}
            race={race}
            choice={choice}
            lookOnly={lookOnly}
          />
        ))}
        {race.mostMemory > 0 && !lookOnly && <WorkspaceLimit race={race} of={titleOf(choice)} />}
      </div>
      {race.out.map((out) => (
        <OutLine key={out.status} out={out} choice={choice} />
      ))}
    </article>
  );
}
