/**
 * @file A race while it is measured: whoever is in front is on top.
 */
import { formatDuration } from '../../../base/format.ts';
import type { Words } from '../../../base/words.ts';
import type { Standing, StandingCandidate } from '../../../dnn/choice/records.ts';
import { statusWords } from '../../../dnn/choice/verdict.ts';
import { directionWords } from '../../directions.ts';
import { say } from '../../language.ts';
import { signOf } from '../palette.ts';
import { liveLanes } from './lanes.ts';
import { liveTitle } from './words.ts';

export function LiveRace({ standing }: { standing: Standing }) {
  const lanes = liveLanes(standing);
  const slowest = Math.max(...lanes.map(({ timeMs = 0 }) => timeMs));
  // In the order of their names, so that an element stays its algorithm's and moves to its place.
  const places = new Map(lanes.map(({ algo }, place) => [algo, place]));
  return (
    <article class="card live" aria-label={say({ en: 'The race under way', zh: '正在进行的竞速' })}>
      <header>
        <h3>{liveTitle(standing)}</h3>
        <p>
          {standing.direction !== 'forward' && `${say(directionWords[standing.direction])} `}
          <code>{standing.descriptor}</code>
        </p>
      </header>
      <ol class="standing" style={{ '--lanes': lanes.length }}>
        {lanes
          .toSorted((a, b) => (a.algo < b.algo ? -1 : 1))
          .map((lane) => {
            const { colour, letter } = signOf(lane.algo);
            return (
              <li key={lane.algo} style={{ '--place': places.get(lane.algo), '--colour': colour }}>
                <b class="sign" aria-hidden="true">
                  {letter}
                </b>
                <span>{lane.algo}</span>
                <span class="track" aria-hidden="true">
                  {lane.timeMs !== undefined && slowest > 0 && (
                    <i class="measured" style={{ inlineSize: `${(100 * lane.timeMs) / slowest}%` }} />
                  )}
                </span>
                <span class="number">{said(lane)}</span>
              </li>
            );
          })}
      </ol>
    </article>
  );
}

const stages: Record<StandingCandidate['stage'], Words> = {
  waiting: { en: 'waiting', zh: '等待' },
  compiled: { en: 'compiled', zh: '已编译' },
  verified: { en: 'verified', zh: '已核对' },
  timed: { en: 'timed', zh: '已计时' },
};

function said({ status, stage, timeMs }: StandingCandidate): string {
  if (status === 'disqualified' || status === 'failed') return say(statusWords[status]);
  return timeMs === undefined ? say(stages[stage]) : formatDuration(timeMs);
}
