/**
 * @file The race: for each convolution, matrix product, pooling and attention a card with a lane for each algorithm;
 * above them, what the whole pass is made of.
 */
import { signal } from '@preact/signals';
import { earlierRun } from '../../actions.ts';
import { describeClock } from '../../choices.ts';
import { releaseAll } from '../../forced.ts';
import { firstView, firstViewText, shownChoices } from '../../first-view.ts';
import { busy, forced, lastRun, standing } from '../../state.ts';
import { Card } from './card.tsx';
import { Legend } from './legend.tsx';
import { LiveRace } from './live.tsx';
import { Pass } from './pass.tsx';

/** So many cards are drawn at once; a model of many layers has more. */
const atOnce = 20;
const showRest = signal(false);

export function Pane() {
  const choices = shownChoices.value;
  return (
    <section class={firstView.value ? 'panel race recorded' : 'panel race'} aria-labelledby="race-title">
      <h2 class="unseen" id="race-title">
        Race
      </h2>
      {forced.value.length > 0 && <Forced />}
      {firstViewText.value && <p class="recorded-label">{firstViewText.value}</p>}
      {choices.length > 0 && earlierRun.value && <p class="hint">{earlierRun.value}</p>}
      {standing.value && <LiveRace standing={standing.value} />}
      {choices.length === 0 && !standing.value && <p class="empty">{emptyText()}</p>}
      {choices.length > 0 && (
        <>
          <Pass choices={choices} />
          <Legend choices={choices} />
          {(showRest.value ? choices : choices.slice(0, atOnce)).map((choice, i) => (
            <Card key={i} id={`race-${i}`} choice={choice} />
          ))}
          {choices.length > atOnce && !showRest.value && (
            <button type="button" class="quiet" onClick={() => (showRest.value = true)}>
              Show {choices.length - atOnce} more problems
            </button>
          )}
          <details class="how">
            <summary>How is this measured?</summary>
            <p class="about">{describeClock(choices).join(' ')}</p>
          </details>
        </>
      )}
    </section>
  );
}

function emptyText(): string {
  const result = lastRun.value?.result;
  if (result?.ok && result.device === 'cpu')
    return 'The cpu reference has one algorithm for each operation: plain loops. There is nothing to choose.';
  if (result?.ok) return 'The program ran no convolution, matrix product, pooling or attention.';
  return 'For each convolution, matrix product, pooling and attention of the run, the algorithms that could compute it race here: how long each takes, how much memory it needs, how exact it is, and which was chosen. You can force any of them.';
}

/** Shown beside a failed run too, so that what was forced can always be undone. */
function Forced() {
  return (
    <p class="forced">
      <span>
        Forced algorithms:{' '}
        {forced.value
          .map(({ operation, direction, descriptor, algo }) => `${algo} for ${operation} ${direction} ${descriptor}`)
          .join('; ')}
        .
      </span>
      <button type="button" class="quiet" disabled={busy.value} onClick={releaseAll}>
        Release all
      </button>
    </p>
  );
}
