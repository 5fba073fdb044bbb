/**
 * @file The curves of both sides' losses over the same steps of training.
 */
import { useId } from 'preact/hooks';
import type { ComparedTraining } from '../../../compare/types.ts';
import { trainingText } from '../../../compare/words.ts';
import { planCurves } from '../../curve.ts';
import { formatNumber } from '../../../base/format.ts';

const frame = { width: 560, height: 160 };
/** Room for the numbers at the axes. */
const margin = { left: 64, right: 12, top: 10, bottom: 26 };

export function Training({ training, remote }: { training: ComparedTraining; remote: string }) {
  const { local, remote: theirs } = training;
  const { logarithmic } = planCurves([local.losses, theirs.losses], frame);
  return (
    <figure class="training">
      <figcaption>
        <h3>Training</h3>
        <p class="about">{trainingText(training)}</p>
        <p class="legend">
          <span class="here">here</span> <span class="there">{remote}</span>
          {logarithmic && <span>logarithmic</span>}
        </p>
      </figcaption>
      <Chart training={training} />
      <details class="head">
        <summary>The numbers</summary>
        <div class="scroller" role="group" tabIndex={0} aria-label="Losses, scroll sideways">
          <table aria-label={`Losses with ${remote}`}>
            <thead>
              <tr>
                <th scope="col">Step</th>
                <th scope="col" class="number">
                  Loss here
                </th>
                <th scope="col" class="number">
                  Loss there
                </th>
              </tr>
            </thead>
            <tbody>
              {local.losses.map((loss, i) => (
                <tr key={i}>
                  <th scope="row">{i}</th>
                  <td class="number">{formatNumber(loss)}</td>
                  <td class="number">{formatNumber(theirs.losses[i])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function Chart({ training: { local, remote } }: { training: ComparedTraining }) {
  const title = useId();
  const { points, ticks } = planCurves([local.losses, remote.losses], frame);
  const [first, last] = [0, local.losses.length - 1];
  return (
    <svg
      class="curves"
      viewBox={`0 0 ${margin.left + frame.width + margin.right} ${margin.top + frame.height + margin.bottom}`}
      role="img"
      aria-labelledby={title}
    >
      <title id={title}>
        Loss by step: from {formatNumber(local.losses[0])} to {formatNumber(local.losses[last])} here, from{' '}
        {formatNumber(remote.losses[0])} to {formatNumber(remote.losses[last])} there
      </title>
      <g transform={`translate(${margin.left} ${margin.top})`}>
        {ticks.map(({ value, at }) => (
          <g key={value} class="tick">
            <line x1={0} x2={frame.width} y1={at} y2={at} />
            <text x={-8} y={at} dominant-baseline="middle" text-anchor="end">
              {formatNumber(value)}
            </text>
          </g>
        ))}
        {[...new Set([first, last])].map((step) => (
          <text
            key={step}
            class="step"
            x={last === 0 ? 0 : (frame.width * step) / last}
            y={frame.height + 18}
            text-anchor={step === 0 ? 'start' : 'end'}
          >
            step {step}
          </text>
        ))}
        <polyline class="here" points={points[0]} />
        <polyline class="there" points={points[1]} />
      </g>
    </svg>
  );
}
