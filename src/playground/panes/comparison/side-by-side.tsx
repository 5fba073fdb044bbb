/**
 * @file Several remotes in one table, a column each, with this side as the first: what differs, and how long each took.
 */
import { useId } from 'preact/hooks';
import type { RemoteComparison, ComparedTensor, SideTiming } from '../../../compare/types.ts';
import { timingOf } from '../../../compare/types.ts';
import { speedText } from '../../../compare/words.ts';
import { formatError, formatHour, formatMs, formatSizes } from '../../../base/format.ts';
import { Verdict } from './verdict.tsx';

export function SideBySide({ sides }: { sides: readonly RemoteComparison[] }) {
  const about = useId();
  const [{ result }] = sides;
  const here = timingOf(result, 'local');
  const theirs = sides.map((side) => timingOf(side.result, 'remote'));
  return (
    <>
      <p class="about" id={about}>
        {result.model} here and on {sides.length} remotes, with the same weights and inputs, one after another. Errors
        are relative to the rms of a float64 run.
        {[here, ...theirs].some(({ software }) => software) &&
          ' Times on a CPU or a software adapter say nothing about the speed of a GPU.'}
      </p>
      <div class="scroller" role="group" tabIndex={0} aria-label="Comparison with all remotes, scrolls sideways">
        <table class="sides" aria-label="Comparison with all remotes" aria-describedby={about}>
          <thead>
            <tr>
              <td />
              <th scope="col">here</th>
              {sides.map(({ remote }) => (
                <th key={remote} scope="col">
                  {remote}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">Device</th>
              {[here, ...theirs].map(({ device, software }, i) => (
                <td key={i}>
                  {device}
                  {software && <small>software</small>}
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">Arithmetic</th>
              <td>as the program says</td>
              {sides.map((side) => (
                <td key={side.remote}>
                  {side.result.arithmetic}
                  <small>at {formatHour(side.at)}</small>
                </td>
              ))}
            </tr>
            {result.tensors.map((tensor, i) => (
              <tr key={tensor.name}>
                <th scope="row">
                  <code>{tensor.name}</code>
                  <small>{formatSizes(tensor.shape)}</small>
                </th>
                <td>
                  {formatError(tensor.localError)}
                  <small>against float64</small>
                </td>
                {sides.map((side) => (
                  <TensorCell key={side.remote} tensor={side.result.tensors[i]} />
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row">Median, ms</th>
              {[here, ...theirs].map((timing, i) => (
                <TimeCell key={i} timing={timing} />
              ))}
            </tr>
            <tr>
              <th scope="row">Compared with here</th>
              <td />
              {sides.map((side) => (
                <td key={side.remote} class="wordy">
                  {speedText(side.result)}
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">Clock</th>
              {[here, ...theirs].map(({ clock }, i) => (
                <td key={i}>{clock}</td>
              ))}
            </tr>
            <tr>
              <th scope="row">Versions</th>
              {[here, ...theirs].map(({ versions }, i) => (
                <td key={i} class="versions">
                  {Object.entries(versions).map(([what, version]) => (
                    <div key={what}>
                      {what} {version}
                    </div>
                  ))}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </>
  );
}

function TensorCell({ tensor }: { tensor: ComparedTensor }) {
  const { relativeError, remoteError, tolerance } = tensor;
  return (
    <td>
      <Verdict tensor={tensor} />
      <small>
        {formatError(relativeError)} from here, {formatError(tolerance)} allowed
      </small>
      <small>{formatError(remoteError)} against float64</small>
    </td>
  );
}

function TimeCell({ timing: { medianMs, intervalMs, runs } }: { timing: SideTiming }) {
  return (
    <td>
      {formatMs(medianMs)}
      <small>
        {formatMs(intervalMs[0])} to {formatMs(intervalMs[1])}, {runs} runs
      </small>
    </td>
  );
}
