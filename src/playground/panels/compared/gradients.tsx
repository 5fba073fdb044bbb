/**
 * @file The gradients of parameters and inputs on both sides.
 */
import { useId } from 'preact/hooks';
import type { ComparedGradients } from '../../../compare/types.ts';
import { formatError, formatSizes } from '../../format.ts';
import { Verdict } from '../verdict.tsx';

export function Gradients({ gradients: { of, tensors, leftOut }, remote }: { gradients: ComparedGradients; remote: string }) {
  const about = useId();
  const agree = tensors.filter(({ verdict }) => verdict !== 'differs').length;
  return (
    <details class="inside" open={agree < tensors.length}>
      <summary>Gradients of {of}: {agree === tensors.length ? `all ${tensors.length} agree` : `${agree} of ${tensors.length} agree`}</summary>
      <p class="about" id={about}>
        A number that lies within rounding of a corner, such as 0 for a ReLU, may take either side of it; the gradients of what came before then differ by more than rounding.
        {leftOut.length > 0 && ` ${leftOut.length} were too large to bring back with the others: ${leftOut.join(', ')}.`}
      </p>
      <div class="scroller" role="group" tabIndex={0} aria-label={`Gradients with ${remote}, scroll sideways`}>
        <table aria-label={`Gradients with ${remote}`} aria-describedby={about}>
          <thead>
            <tr>
              <th scope="col">Gradient of</th>
              <th scope="col">Verdict</th>
              <th scope="col" class="number">Difference</th>
              <th scope="col">Tolerance</th>
              <th scope="col" class="number">Here against float64</th>
              <th scope="col" class="number">Remote against float64</th>
            </tr>
          </thead>
          <tbody>
            {tensors.map(({ name, shape, verdict, relativeError, tolerance, toleranceReason, localError, remoteError }) => (
              <tr key={name}>
                <th scope="row"><code>{name.replace(/^(input_)?grad\./, '')}</code><small>{name.startsWith('input_') ? 'input ' : ''}{formatSizes(shape)}</small></th>
                <td><Verdict verdict={verdict} /></td>
                <td class="number">{formatError(relativeError)}</td>
                <td class="wordy">{formatError(tolerance)}<small>{toleranceReason}</small></td>
                <td class="number">{formatError(localError)}</td>
                <td class="number">{formatError(remoteError)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
