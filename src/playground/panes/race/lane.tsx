/**
 * @file An algorithm's lane: its time with its spread, its workspace, its error; Force; unfolded, all that is known.
 */
import { Fragment } from 'preact';
import { useId } from 'preact/hooks';
import { formatBytes, formatDuration, formatError, formatPercent } from '../../../base/format.ts';
import type { AlgorithmChoice, Candidate } from '../../../dnn/choice/records.ts';
import { isChosen, isUnsteady, verdictOf } from '../../../dnn/choice/verdict.ts';
import { langOf, language, say } from '../../language.ts';
import { fixed } from '../../settings.ts';
import { AlgorithmHelp } from '../../glossary/explained.tsx';
import { signOf } from '../palette.ts';
import { Said } from '../said.tsx';
import { LaneDetails } from './details.tsx';
import { ForceButton } from './force.tsx';
import type { Lane, Race } from './lanes.ts';
import { errorPlace, memoryPlace } from './lanes.ts';
import { isUnfolded, toggle } from './unfolding.ts';
import { arithmeticText } from './words.ts';

interface Props {
  readonly lane: Lane;
  readonly race: Race;
  readonly choice: AlgorithmChoice;
  /** Its place, from the fastest. */
  readonly at: number;
  readonly lookOnly: boolean;
}

export function LaneRow({ lane, race, choice, at, lookOnly }: Props) {
  const { candidate, guessed } = lane;
  const { algo, config, memory, own } = candidate;
  const details = useId();
  const chosen = isChosen(choice, candidate);
  const { text, open } = verdictOf(choice, candidate, language.value);
  const unfolded = isUnfolded(choice, candidate);
  const { colour, letter } = signOf(algo);
  const howSure = [samplesText(candidate), arithmeticText(candidate)].filter(Boolean).join(' · ');
  const limit = lookOnly ? undefined : fixed.value.workspaceLimit;
  const beyond = limit !== undefined && memory > limit;
  const state = [chosen && 'chosen', open && 'open', beyond && 'beyond'].filter(Boolean).join(' ');
  return (
    <div class={`lane ${state}`} style={{ '--colour': colour, gridRow: at + 2 }}>
      <div class="who">
        <b class="sign" aria-hidden="true">
          {letter}
        </b>
        <button
          type="button"
          class="reveal"
          aria-expanded={unfolded}
          aria-controls={details}
          onClick={() => toggle(choice, candidate)}
        >
          {breakable(algo)}
        </button>
        {own ? <span /> : <AlgorithmHelp algo={algo} />}
        {guessed && !lane.modelled && (
          <span class="guess" title={say({ en: 'The model would have chosen it', zh: '模型原本会选它' })}>
            <span aria-hidden="true">◇</span>
            <span class="unseen"> {say({ en: "the model's guess", zh: '模型的猜测' })}</span>
          </span>
        )}
        <small title={config} lang={own ? undefined : langOf(config)}>
          {own ? say({ en: "the program's own kernel", zh: '程序自带的内核' }) : config}
        </small>
      </div>
      <TimeBar lane={lane} scaleMs={race.scaleMs} />
      <p class="how-sure" title={howSure}>
        {howSure}
      </p>
      <p class="score">
        <span class="time">{timeText(lane)}</span>
        <span class="rank">
          <Said text={text} by={candidate.reason} />
        </span>
      </p>
      <div class="memory" data-label={say({ en: 'Workspace', zh: '工作空间' })}>
        <span class="track" aria-hidden="true">
          <i style={{ inlineSize: `${100 * memoryPlace(memory, race.mostMemory)}%` }} />
        </span>
        {formatBytes(memory)}
        {beyond && <small>{say({ en: 'beyond the limit', zh: '超出上限' })}</small>}
      </div>
      <ErrorScale candidate={candidate} />
      <div class="act">{!lookOnly && <ForceButton candidate={candidate} choice={choice} />}</div>
      {unfolded && <LaneDetails id={details} lane={lane} choice={choice} />}
    </div>
  );
}

/** A name that may break after each of its words. */
const breakable = (name: string) =>
  name.split('_').map((word, i) => (
    <Fragment key={i}>
      {i > 0 && (
        <>
          _<wbr />
        </>
      )}
      {word}
    </Fragment>
  ));

function TimeBar({ lane: { timeMs, spreadMs, modelled }, scaleMs }: { lane: Lane; scaleMs: number }) {
  const percent = (ms: number): string => `${(100 * Math.min(ms, scaleMs)) / scaleMs}%`;
  return (
    <div class="track of-time" aria-hidden="true">
      {timeMs !== undefined && scaleMs > 0 && (
        <i class={modelled ? 'modelled' : 'measured'} style={{ inlineSize: percent(timeMs) }} />
      )}
      {spreadMs && scaleMs > 0 && (
        <i
          class="whisker"
          style={{
            insetInlineStart: percent(Math.max(0, spreadMs[0])),
            insetInlineEnd: `calc(100% - ${percent(spreadMs[1])})`,
          }}
        />
      )}
    </div>
  );
}

function ErrorScale({ candidate: { maxError, tolerance } }: { candidate: Candidate }) {
  if (maxError === undefined || tolerance === undefined) return <div class="error" />;
  return (
    <div
      class="error"
      data-label={say({ en: 'Error', zh: '误差' })}
      title={say({
        en: `${formatError(maxError)}, ${formatError(tolerance)} allowed`,
        zh: `${formatError(maxError)}，允许 ${formatError(tolerance)}`,
      })}
    >
      <span class="track" aria-hidden="true">
        <i class="dot" style={{ insetInlineStart: `${100 * errorPlace(maxError, tolerance)}%` }} />
        <i class="allowed" style={{ insetInlineStart: `${100 * errorPlace(tolerance, tolerance)}%` }} />
      </span>
      {maxError === 0 ? say({ en: 'exact', zh: '精确' }) : formatError(maxError)}
    </div>
  );
}

function timeText({ timeMs, modelled, candidate }: Lane): string {
  if (timeMs === undefined) return '–';
  if (modelled) return `≈ ${formatDuration(timeMs)}`;
  return isUnsteady(candidate) ? `~ ${formatDuration(Number(timeMs.toPrecision(1)))}` : formatDuration(timeMs);
}

function samplesText({ samples, spread = 0 }: Candidate): string | undefined {
  if (samples === undefined) return undefined;
  return samples === 1
    ? say({ en: '1 sample', zh: '1 个样本' })
    : say({
        en: `±${formatPercent(spread / 2)} of ${samples} samples`,
        zh: `±${formatPercent(spread / 2)}，${samples} 个样本`,
      });
}
