/**
 * @file The choice of algorithms: for each convolution, matrix product, pooling and attention every candidate with its time, its cost, or why it did not run.
 */
import { signal } from '@preact/signals';
import type { AlgorithmChoice } from '../../dnn/choice/records.ts';
import { sourceText } from '../../dnn/choice/verdict.ts';
import { earlierRun } from '../actions.ts';
import { describeClock, oneOfEach, shownTimes } from '../choices.ts';
import { releaseAll } from '../forced.ts';
import { benchmarkBudgetMs, busy, forced, lastRun } from '../state.ts';
import { CandidateRow } from './candidate.tsx';

/** So many tables are drawn at once; a model of many layers has more. */
const atOnce = 30;
const showRest = signal(false);

/** Show every tile configuration, and not only one of each algorithm. */
const showAll = signal(false);

export function AlgorithmsPanel() {
  const choices = lastRun.value?.result.choices ?? [];
  const hidden = choices.reduce((n, c) => n + c.candidates.length - oneOfEach(c).length, 0);
  return (
    <section class="panel" aria-labelledby="algorithms-title">
      <div class="heading">
        <h2 id="algorithms-title">Algorithms</h2>
        <Budget />
        {hidden > 0 && (
          <button
            type="button"
            class="quiet"
            aria-pressed={showAll.value}
            onClick={() => (showAll.value = !showAll.value)}
          >
            All configurations ({hidden} more)
          </button>
        )}
      </div>
      {forced.value.length > 0 && <Forced />}
      {choices.length > 0 && earlierRun.value && <p class="hint">{earlierRun.value}</p>}
      {choices.length === 0 && <p class="empty">{emptyText()}</p>}
      {choices.length > 0 && (
        <>
          <p class="about" id="algorithms-about">
            {describeClock(choices).join(' ')}
          </p>
          <div class="scroller candidates" role="group" tabIndex={0} aria-label="Algorithms, scrolls sideways">
            <table class="algorithms" aria-labelledby="algorithms-title" aria-describedby="algorithms-about">
              <thead>
                <tr>
                  <th scope="col">Algorithm</th>
                  <th scope="col" class="number">
                    Time, ms
                  </th>
                  <th scope="col">Result</th>
                  <th scope="col" class="number">
                    Workspace
                  </th>
                  <th scope="col" class="number">
                    Max error
                  </th>
                  <th scope="col">Arithmetic</th>
                </tr>
              </thead>
              {(showRest.value ? choices : choices.slice(0, atOnce)).map((choice, i) => (
                <Choice key={i} choice={choice} />
              ))}
            </table>
          </div>
          {choices.length > atOnce && !showRest.value && (
            <button type="button" class="quiet" onClick={() => (showRest.value = true)}>
              Show {choices.length - atOnce} more problems
            </button>
          )}
        </>
      )}
    </section>
  );
}

/** Measuring takes as long as it may; on a slow adapter more time means fewer candidates that were not tried. */
function Budget() {
  return (
    <label class="budget" title="torch.backends.cudnn.benchmarkBudgetMs">
      Measure each for up to
      <select
        value={benchmarkBudgetMs.value}
        onChange={(event) => (benchmarkBudgetMs.value = Number(event.currentTarget.value))}
      >
        {[1000, 5000, 20_000, 60_000].map((ms) => (
          <option key={ms} value={ms}>
            {ms / 1000} s
          </option>
        ))}
      </select>
    </label>
  );
}

function emptyText(): string {
  const result = lastRun.value?.result;
  if (result?.ok && result.device === 'cpu')
    return 'The cpu reference has one algorithm for each operation: plain loops. There is nothing to choose.';
  if (result?.ok) return 'The program ran no convolution, matrix product, pooling or attention.';
  return 'For each convolution, matrix product, pooling and attention of the run, this table lists the algorithms that could compute it, with their time, memory and error, and shows which one was chosen. You can force any of them.';
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

function Choice({ choice }: { choice: AlgorithmChoice }) {
  const { operation, direction, descriptor, layer, candidates } = choice;
  const rows = showAll.value ? candidates : oneOfEach(choice);
  const times = shownTimes(rows);
  const slowest = Math.max(...times.map((ms) => ms ?? 0));
  return (
    <tbody>
      <tr class="choice">
        <th scope="rowgroup" colSpan={6}>
          {layer && <strong>{/^\d/.test(layer) ? `layer ${layer}` : layer}</strong>} {operation} {direction}{' '}
          <code>{descriptor}</code> <span class="source">{sourceText(choice)}</span>
        </th>
      </tr>
      {rows.map((candidate, i) => (
        <CandidateRow
          key={`${candidate.algo} ${candidate.config} ${candidate.mathType}`}
          candidate={candidate}
          choice={choice}
          time={times[i]}
          share={slowest > 0 ? (times[i] ?? 0) / slowest : 0}
        />
      ))}
    </tbody>
  );
}
