/**
 * @file The curves of both sides' losses over the same steps of training.
 */
import type { ComparedTraining } from '../../../compare/types.ts';
import { trainingText } from '../../../compare/words.ts';
import { planCurves } from '../../../base/curve.ts';
import { formatNumber } from '../../../base/format.ts';
import { language, say } from '../../language.ts';
import { Columns } from '../columns.tsx';
import { CurveChart } from '../curve-chart.tsx';

const frame = { width: 560, height: 160 };
export function Training({ training, remote }: { training: ComparedTraining; remote: string }) {
  const { local, remote: theirs } = training;
  const plan = planCurves([local.losses, theirs.losses], frame);
  const span = ({ losses }: { losses: readonly number[] }): string =>
    say({
      en: `from ${formatNumber(losses[0])} to ${formatNumber(losses[losses.length - 1])}`,
      zh: `从 ${formatNumber(losses[0])} 到 ${formatNumber(losses[losses.length - 1])}`,
    });
  return (
    <figure class="training">
      <figcaption>
        <h3>{say({ en: 'Training', zh: '训练' })}</h3>
        <p class="about">{trainingText(training, language.value)}</p>
        <p class="legend">
          <span class="here">{say({ en: 'here', zh: '本机' })}</span> <span class="there">{remote}</span>
          {plan.logarithmic && <span>{say({ en: 'logarithmic', zh: '对数刻度' })}</span>}
        </p>
      </figcaption>
      <CurveChart
        plan={plan}
        frame={frame}
        title={say({
          en: `Loss by step: ${span(local)} here, ${span(theirs)} there`,
          zh: `各步损失：本机${span(local)}，那边${span(theirs)}`,
        })}
        classes={['here', 'there']}
        ends={[
          say({ en: 'step 0', zh: '第 0 步' }),
          say({ en: `step ${local.losses.length - 1}`, zh: `第 ${local.losses.length - 1} 步` }),
        ]}
      />
      <details class="head">
        <summary>{say({ en: 'The numbers', zh: '数值' })}</summary>
        <div
          class="scroller"
          role="group"
          tabIndex={0}
          aria-label={say({ en: 'Losses, scroll sideways', zh: '损失，可横向滚动' })}
        >
          <table aria-label={say({ en: `Losses with ${remote}`, zh: `与 ${remote} 的损失对比` })}>
            <Columns
              of={[
                say({ en: 'Step', zh: '步' }),
                { number: say({ en: 'Loss here', zh: '本机损失' }) },
                { number: say({ en: 'Loss there', zh: '那边损失' }) },
              ]}
            />
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
