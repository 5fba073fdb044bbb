/**
 * @file The choice of algorithms: for each convolution, matrix product, pooling and attention every candidate with its time, its cost, or why it did not run.
 */
import { signal } from '@preact/signals';
import type { AlgorithmChoice, Candidate } from '../../dnn/records.ts';
import { barTimes, bestOfEach, describeClock, describeSource, isChosen, isPredicted, timeOf, verdictOf } from '../choices.ts';
import { formatBytes, formatError, formatMs, formatPercent } from '../../base/format.ts';
import { lastRun } from '../state.ts';

/** Show every tile configuration, and not only each algorithm's best. */
const showAll = signal(false);

export function AlgorithmsPanel() {
  const choices = lastRun.value?.result.choices ?? [];
  const hidden = choices.reduce((n, c) => n + c.candidates.length - bestOfEach(c.candidates).length, 0);
  return (
    <section class="panel">
      <div class="heading">
        <h2 id="algorithms-title">Algorithms</h2>
        {hidden > 0 && <button type="button" class="quiet" aria-pressed={showAll.value} onClick={() => (showAll.value = !showAll.value)}>All configurations ({hidden} more)</button>}
      </div>
      {choices.length === 0 && lastRun.value?.result.ok && lastRun.value.result.device === 'cpu' && <p class="empty">The cpu reference has one algorithm for each operation, plain loops, and nothing to choose.</p>}
      {choices.length === 0 && <p class="empty">For each convolution, matrix product, pooling and attention of the run: the algorithms that could compute it, how long each took, what memory it needs, how exact it is, and which one was chosen.</p>}
      {choices.length > 0 && (
        <>
          <div class="about" id="algorithms-about">{describeClock(choices).map((sentence) => <p key={sentence}>{sentence}</p>)}</div>
          <div class="scroller" role="group" tabIndex={0} aria-label="Algorithms, scrolls sideways">
            <table aria-labelledby="algorithms-title" aria-describedby="algorithms-about">
              <thead>
                <tr>
                  <th scope="col">Algorithm</th>
                  <th scope="col" class="number">Time, ms</th>
                  <th scope="col">Result</th>
                  <th scope="col" class="number">Workspace</th>
                  <th scope="col" class="number">Max error</th>
                  <th scope="col" class="number">Spread</th>
                  <th scope="col">Arithmetic</th>
                </tr>
              </thead>
              {choices.map((choice, i) => <Choice key={i} choice={choice} />)}
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function Choice({ choice }: { choice: AlgorithmChoice }) {
  const { operation, direction, descriptor, layer, candidates } = choice;
  const rows = showAll.value ? candidates : bestOfEach(candidates);
  const bars = barTimes(rows);
  const slowest = Math.max(...bars.map((ms) => ms ?? 0));
  return (
    <tbody>
      <tr class="choice">
        <th scope="rowgroup" colSpan={7}>
          {layer && <strong>{layer}</strong>} {operation} {direction} <code>{descriptor}</code> <span class="source">{describeSource(choice)}</span>
        </th>
      </tr>
      {rows.map((candidate, i) => <Row key={i} candidate={candidate} choice={choice} share={slowest > 0 ? (bars[i] ?? 0) / slowest : 0} />)}
    </tbody>
  );
}

/** `share`: the length of the time's bar, of 1. */
function Row({ candidate, choice, share }: { candidate: Candidate; choice: AlgorithmChoice; share: number }) {
  const { algo, config, spread, samples, memory, maxError, mathType, determinism, status } = candidate;
  const chosen = isChosen(choice, candidate);
  const time = timeOf(candidate);
  const ran = status === 'success';
  return (
    <tr class={chosen ? 'chosen' : ran ? '' : 'out'}>
      <th scope="row">{algo}{config && <small>{config}</small>}</th>
      <td class="number time">
        {time === undefined ? '–' : `${isPredicted(candidate) ? '≈ ' : ''}${formatMs(time)}`}
        {share > 0 && <span class="bar" aria-hidden="true" style={{ inlineSize: `${share * 100}%` }} />}
      </td>
      <td class="wordy result">{verdictOf(choice, candidate)}</td>
      <td class="number">{status === 'not supported' ? '–' : formatBytes(memory)}</td>
      <td class="number">{maxError === undefined ? '–' : formatError(maxError)}</td>
      <td class="number">{spread === undefined ? '–' : `±${formatPercent(spread / 2)}`}{samples !== undefined && <small>{samples} samples</small>}</td>
      <td>{mathType === 'FMA' ? 'float32' : mathType === 'HALF' ? 'float16 storage' : 'float16'}<small>{determinism}</small></td>
    </tr>
  );
}
