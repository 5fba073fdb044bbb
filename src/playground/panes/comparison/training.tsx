/**
 * @file The curves of both sides' losses over the same steps of training.
 */
import type { ComparedTraining } from '../../../compare/types.ts';
import { trainingText } from '../../../compare/words.ts';
import { planCurves } from '../../../base/curve.ts';
import { formatNumber } from '../../../base/format.ts';
import { Columns } from '../columns.tsx';
import { CurveChart } from '../curve-chart.tsx';

const frame = { width: 560, height: 160 };
export function Training({ training, remote }: { training: ComparedTraining; remote: string }) {
  const { local, remote: theirs } = training;
  const plan = planCurves([local.losses, theirs.losses], frame);
  const span = ({ losses }: { losses: readonly number[] }): string =>
    `from ${formatNumber(losses[0])} to ${formatNumber(losses[losses.length - 1])}`;
  return (
    <figure class="training">
      <figcaption>
        <h3>Training</h3>
        <p class="about">{trainingText(training)}</p>
        <p class="legend">
          <span class="here">here</span> <span class="there">{remote}</span>
          {plan.logarithmic && <span>logarithmic</span>}
        </p>
      </figcaption>
      <CurveChart
        plan={plan}
        frame={frame}
        title={`Loss by step: ${span(local)} here, ${span(theirs)} there`}
        classes={['here', 'there']}
        ends={['step 0', `step ${local.losses.length - 1}`]}
      />
      <details class="head">
        <summary>The numbers</summary>
        <div class="scroller" role="group" tabIndex={0} aria-label="Losses, scroll sideways">
          <table aria-label={`Losses with ${remote}`}>
            <Columns of={['Step', { number: 'Loss here' }, { number: 'Loss there' }]} />
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
