/**
 * @file Both sides held together: is the answer the same, and how fast was each.
 */
import { useId } from 'preact/hooks';
import type { RemoteComparison, ComparedTensor, SideTiming } from '../../../compare/types.ts';
import { occasionText, speedText } from '../../../compare/words.ts';
import { formatError, formatHour, formatMs, formatSizes } from '../../../base/format.ts';
import { asked } from '../../comparison-request.ts';
import { chosen } from '../../remotes.ts';
import type { Comparison } from '../../state.ts';
import { comparison, comparisonErrors, lastRun } from '../../state.ts';
import { RequestControls } from './request.tsx';
import { Gradients } from './gradients.tsx';
import { Layers } from './layers.tsx';
import { Training } from './training.tsx';
import { Why } from './why.tsx';
import { SideBySide } from './side-by-side.tsx';
import { Verdict } from './verdict.tsx';
import { Columns } from '../columns.tsx';

export function Pane() {
  const compared = comparison.value;
  const { texts: errors, at } = comparisonErrors.value;
  return (
    <section class="panel" aria-labelledby="comparison-title">
      <h2 class="unseen" id="comparison-title">
        Comparison
      </h2>
      <RequestControls />
      {errors.map((error) => (
        <p key={error} class="notice bad" role="alert">
          {error}
        </p>
      ))}
      {!compared && errors.length === 0 && (
        <p class="empty">
          Runs the same model with the same weights and inputs in real PyTorch, and shows how far apart the two results
          are, whether rounding explains that, and how long each side took.
        </p>
      )}
      {compared && errors.length > 0 && compared.sides[0].at < at && (
        <p class="hint">Below is the previous comparison, of {formatHour(compared.sides[0].at)}.</p>
      )}
      {compared && compared.text !== lastRun.value?.text && (
        <p class="hint">This comparison is of an earlier program.</p>
      )}
      {compared && !madeAsAsked(compared) && (
        <p class="hint">The settings above apply to the next comparison; each result names its own.</p>
      )}
      {compared && <Sides sides={compared.sides} />}
    </section>
  );
}

/** Whether a comparison now would be with the same remotes in the same arithmetic. */
function madeAsAsked({ sides, request }: Comparison): boolean {
  const same =
    sides.length === chosen.value.length && chosen.value.every((remote, i) => remote.name === sides[i].remote);
  return same && JSON.stringify(request.settings) === JSON.stringify(asked().job.settings);
}

/** One remote is shown at once; of several the short table, and each one's own below it. */
function Sides({ sides }: { sides: readonly RemoteComparison[] }) {
  if (sides.length === 1) return <Result side={sides[0]} />;
  return (
    <>
      <SideBySide sides={sides} />
      {sides.map((side) => (
        <details key={side.remote} class="side">
          <summary>All about {side.remote}</summary>
          <Result side={side} />
        </details>
      ))}
    </>
  );
}

function Result({ side }: { side: RemoteComparison }) {
  const { result, remote, training } = side;
  const [about, timingsAbout] = [useId(), useId()];
  return (
    <>
      <p class="occasion">{occasionText(side)}</p>
      <p class="about" id={about}>
        {result.model} here and in PyTorch, from the same weights and inputs. Relative errors are in units of the rms of
        a float64 run.
      </p>
      <div class="scroller" role="group" tabIndex={0} aria-label={`Comparison with ${remote}, scrolls sideways`}>
        <table class="tensors" aria-label={`Comparison with ${remote}`} aria-describedby={about}>
          <Columns
            of={[
              'Tensor',
              'Verdict',
              { number: 'Max |difference|' },
              { number: 'Relative' },
              'Tolerance',
              { number: 'Here against float64' },
              { number: 'Remote against float64' },
            ]}
          />
          <tbody>
            {result.tensors.map((tensor) => (
              <TensorRow key={tensor.name} tensor={tensor} />
            ))}
          </tbody>
        </table>
      </div>
      <Why side={side} />
      <p class="occasion">{speedText(result)}</p>
      <p class="about" id={timingsAbout}>
        Time of one call of the model: the median with its 95% bootstrap interval, the fastest and the slowest run.
        {result.timings.some((t) => t.software) &&
          ' Times on a CPU or a software adapter say nothing about the speed of a GPU; the numbers are just as valid.'}
      </p>
      <div class="scroller" role="group" tabIndex={0} aria-label={`Timings with ${remote}, scroll sideways`}>
        <table aria-label={`Timings with ${remote}`} aria-describedby={timingsAbout}>
          <Columns
            of={[
              'Side',
              'Device',
              { number: 'Median, ms' },
              { number: 'Interval, ms' },
              { number: 'Range, ms' },
              { number: 'Runs' },
              'Clock',
              'Versions',
            ]}
          />
          <tbody>
            {result.timings.map((timing) => (
              <TimingRow key={timing.side} timing={timing} />
            ))}
          </tbody>
        </table>
      </div>
      {result.layers && <Layers layers={result.layers} remote={remote} />}
      {result.gradients && <Gradients gradients={result.gradients} remote={remote} />}
      {training && <Training training={training} remote={remote} />}
    </>
  );
}

function TensorRow({ tensor }: { tensor: ComparedTensor }) {
  const { name, shape, maxAbsError, relativeError, tolerance, toleranceReason, localError, remoteError } = tensor;
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
        <small>{formatSizes(shape)}</small>
      </th>
      <td>
        <Verdict tensor={tensor} />
      </td>
      <td class="number">{formatError(maxAbsError)}</td>
      <td class="number">{formatError(relativeError)}</td>
      <td class="wordy">
        {formatError(tolerance)}
        <small>{toleranceReason}</small>
      </td>
      <td class="number">{formatError(localError)}</td>
      <td class="number">{formatError(remoteError)}</td>
    </tr>
  );
}

function TimingRow({ timing }: { timing: SideTiming }) {
  const { side, device, software, medianMs, intervalMs, minMs, maxMs, runs, clock, versions } = timing;
  return (
    <tr>
      <th scope="row">{side === 'local' ? 'here' : 'remote'}</th>
      <td>
        {device}
        {software && <small>software</small>}
      </td>
      <td class="number">{formatMs(medianMs)}</td>
      <td class="number">
        {formatMs(intervalMs[0])} to {formatMs(intervalMs[1])}
      </td>
      <td class="number">
        {formatMs(minMs)} to {formatMs(maxMs)}
      </td>
      <td class="number">{runs}</td>
      <td>{clock}</td>
      <td class="versions">
        {Object.entries(versions).map(([what, version]) => (
          <div key={what}>
            {what} {version}
          </div>
        ))}
      </td>
    </tr>
  );
}
