/**
 * @file The run in a sentence, and where to go from there.
 */
import { computed } from '@preact/signals';
import type { AlgorithmChoice } from '../../dnn/choice/records.ts';
import { chosenOf } from '../../dnn/choice/verdict.ts';
import { showPane } from '../bench/arrangement.ts';
import { seeItHappen } from '../actions.ts';
import { compare } from '../compare.ts';
import { firstView, shownChoices } from '../first-view.ts';
import { headlineOf, liveSentence } from '../headline.ts';
import { isHidden } from '../opening-link.ts';
import { unfold } from '../panes/race/unfolding.ts';
import { activity, busy, lastRun, standing } from '../state.ts';
import { walkOf } from '../stepping.ts';

const headline = computed(() => headlineOf(shownChoices.value));

const running = computed(() => activity.value === 'running');

export function Headline() {
  const told = running.value ? undefined : headline.value;
  return (
    <section class="headline" aria-label="Result">
      <p class="sentence">
        {told && firstView.value && (
          <>
            <span class="recorded-label">Recorded</span>{' '}
          </>
        )}
        {told?.sentence ?? emptySentence()}
      </p>
      <p class="because">
        {told?.because ?? 'Candidates are verified against float64, then timed against each other.'}
      </p>
    </section>
  );
}

/** Where to go from the sentence. */
export function Invitations() {
  const told = running.value ? undefined : headline.value;
  if (!told) return null;
  const winner = chosenOf(told.choice)!;
  const walk = walkOf(told.choice, winner);
  return (
    <p class="invitations">
      {!isHidden('race') && (
        <button
          type="button"
          onClick={() => {
            unfold(told.choice, winner);
            lookAt(told.choice);
          }}
        >
          Why did it win?
        </button>
      )}
      {!isHidden('step') && walk !== undefined && (
        <button type="button" onClick={() => seeItHappen(walk)}>
          See it happen
        </button>
      )}
      {!isHidden('compare') && !isHidden('comparison') && (
        <button type="button" aria-disabled={busy.value} onClick={() => !busy.value && void compare()}>
          Is it right?
        </button>
      )}
    </p>
  );
}

/** Brings a problem's race into view. */
function lookAt(choice: AlgorithmChoice): void {
  showPane('race');
  const at = shownChoices.value.indexOf(choice);
  // The pane may have been closed, and is drawn first.
  requestAnimationFrame(() => document.getElementById(`race-${at}`)?.scrollIntoView({ block: 'start' }));
}

function emptySentence(): string {
  if (running.value) return standing.value ? liveSentence(standing.value) : 'The program runs.';
  const result = lastRun.value?.result;
  if (!result) return 'Press Run to see which convolution algorithm wins on this device, and why.';
  if (!result.ok) return 'The run failed; the console says where.';
  return result.device === 'cpu'
    ? 'The cpu reference has one algorithm for each operation: there is no race.'
    : 'The program ran nothing that has algorithms to choose from.';
}
