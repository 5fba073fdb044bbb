/**
 * @file The gradients of parameters and inputs on both sides.
 */
import { useId } from 'preact/hooks';
import type { ComparedGradients } from '../../../compare/types.ts';
import { gradientsTitle } from '../../../compare/words.ts';
import { formatError, formatSizes } from '../../../base/format.ts';
import { langOf, language, say } from '../../language.ts';
import { Verdict } from './verdict.tsx';
import { Columns } from '../columns.tsx';

export function Gradients({ gradients, remote }: { gradients: ComparedGradients; remote: string }) {
  const { tensors, leftOut } = gradients;
  const about = useId();
  return (
    <details class="inside" open={tensors.some(({ verdict }) => verdict === 'differs')}>
      <summary>{gradientsTitle(gradients, language.value)}</summary>
      <p class="about" id={about}>
        {say({
          en: 'A number that lies within rounding of a corner, such as 0 for a ReLU, may take either side of it; the gradients of earlier layers then differ by more than rounding.',
          zh: '恰在折点附近（舍入误差之内）的数，例如 ReLU 的 0，可能落在任一侧；此时前面各层的梯度之差会超出舍入误差。',
        })}
        {leftOut.length > 0 &&
          say({
            en: ` ${leftOut.length} were left out because of their size: ${leftOut.join(', ')}.`,
            zh: `因体积略去 ${leftOut.length} 个：${leftOut.join(', ')}。`,
          })}
      </p>
      <div
        class="scroller"
        role="group"
        tabIndex={0}
        aria-label={say({ en: `Gradients with ${remote}, scroll sideways`, zh: `与 ${remote} 的梯度对比，可横向滚动` })}
      >
        <table
          aria-label={say({ en: `Gradients with ${remote}`, zh: `与 ${remote} 的梯度对比` })}
          aria-describedby={about}
        >
          <Columns
            of={[
              say({ en: 'Gradient of', zh: '梯度' }),
              say({ en: 'Verdict', zh: '结论' }),
              { number: say({ en: 'Difference', zh: '差' }) },
              say({ en: 'Tolerance', zh: '容差' }),
              { number: say({ en: 'Here against float64', zh: '本机相对 float64' }) },
              { number: say({ en: 'Remote against float64', zh: '远端相对 float64' }) },
            ]}
          />
          <tbody>
            {tensors.map((tensor) => (
              <tr key={tensor.name}>
                <th scope="row">
                  <code>{tensor.name.replace(/^(input_)?grad\./, '')}</code>
                  <small>
                    {tensor.name.startsWith('input_') ? say({ en: 'input ', zh: '输入 ' }) : ''}
                    {formatSizes(tensor.shape)}
                  </small>
                </th>
                <td>
                  <Verdict tensor={tensor} />
                </td>
                <td class="number">{formatError(tensor.relativeError)}</td>
                <td class="wordy">
                  {formatError(tensor.tolerance)}
                  <small lang={langOf(tensor.toleranceReason)}>{tensor.toleranceReason}</small>
                </td>
                <td class="number">{formatError(tensor.localError)}</td>
                <td class="number">{formatError(tensor.remoteError)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
