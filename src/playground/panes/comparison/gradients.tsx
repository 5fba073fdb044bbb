/**
 * @file The gradients of parameters and inputs on both sides.
 */
import { useId } from 'preact/hooks';
import type { ComparedGradients } from '../../../compare/types.ts';
import { gradientsTitle } from '../../../compare/words.ts';
import { formatError, formatSizes } from '../../../base/format.ts';
import { Verdict } from './verdict.tsx';
import { Columns } from '../columns.tsx';

export function Gradients({ gradients, remote }: { gradients: ComparedGradients; remote: string }) {
  const { tensors, leftOut } = gradients;
  const about = useId();
  return (
    <details class="inside" open={tensors.some(({ verdict }) => verdict === 'differs')}>
      <summary>{gradientsTitle(gradients)}</summary>
      <p class="about" id={about}>
        A number that lies within rounding of a corner, such as 0 for a ReLU, may take either side of it; the gradients
        of earlier layers then differ by more than rounding.
        {leftOut.length > 0 && ` ${leftOut.length} were left out because of their size: ${leftOut.join(', ')}.`}
      </p>
      <div class="scroller" role="group" tabIndex={0} aria-label={`Gradients with ${remote}, scroll sideways`}>
        <table aria-label={`Gradients with ${remote}`} aria-describedby={about}>
          <Columns
            of={[
              'Gradient of',
              'Verdict',
              { number: 'Difference' },
              'Tolerance',
              { number: 'Here against float64' },
              { number: 'Remote against float64' },
            ]}
          />
          <tbody>
            {tensors.map((tensor) => (
              <tr key={tensor.name}>
                <th scope="row">
                  <code>{tensor.name.replace(/^(input_)?grad\./, '')}</code>
                  <small>
                    {tensor.name.startsWith('input_') ? 'input ' : ''}
                    {formatSizes(tensor.shape)}
                  </small>
                </th>
                <td>
                  <Verdict tensor={tensor} />
                </td>
                <td class="number">{formatError(tensor.relativeError)}</td>
                <td class="wordy">
                  {formatError(tensor.tolerance)}
                  <small>{tensor.toleranceReason}</small>
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
