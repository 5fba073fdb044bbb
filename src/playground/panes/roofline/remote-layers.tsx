/**
 * @file A remote's layers under its own roofline, in numbers.
 */
import { counted, formatDuration, formatPercent } from '../../../base/format.ts';
import { highlight } from '../../highlights.ts';
import { isSelected, select } from '../../selection.ts';
import { Columns } from '../columns.tsx';
import { nameOf } from '../../remote-traces.ts';
import { formatRate } from '../rates.ts';
import type { Pointed } from './dots.tsx';
import type { RemotePoint, RemoteRoofline } from './remote.ts';
import { isPointLit } from './remote.ts';

interface Props {
  readonly roofline: RemoteRoofline;
  readonly pointed: Pointed;
}

const columns = ['Time', 'Of all', 'Ops/byte', 'GFLOP/s', 'GB/s', 'Of ceiling'];

export function RemoteLayers({ roofline: { trace, ceilings, points, unknown }, pointed }: Props) {
  const title = `Remote: ${nameOf(trace)}, by layer`;
  return (
    <>
      <h2>{title}</h2>
      {points.length > 0 && (
        <div class="scroller" role="group" tabIndex={0} aria-label={`${title}, scrolls sideways`}>
          <table class="roofline-table" aria-label={title}>
            <Columns of={['Layer', ...columns.map((number) => ({ number }))]} />
            <tbody>
              {points.map((point) => (
                <Row key={point.layer} point={point} pointed={pointed} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="about">
        Times are measured there by PyTorch's profiler, {trace.origin}. Operations and bytes are computed from your
        graph: those of the direct method, and what a layer reads and writes at least. The ceilings of{' '}
        {ceilings.arithmetic} and memory are published figures, not measured: {ceilings.source}.
        {unknown > 0 &&
          ` ${counted(unknown, 'kernel')} of ${trace.kernels.length} cannot be shown: of no layer that ran here.`}
      </p>
    </>
  );
}

function Row({ point, pointed }: { point: RemotePoint; pointed: Pointed }) {
  const { layer, kernels, ms, share, flops, intensity, gflops, gbs, reached, bound } = point;
  const state = [isPointLit(point, highlight.value) && 'lit', pointed.value === point && 'pointed'];
  const on = (): void => void (pointed.value = point);
  const off = (): void => void (pointed.value = undefined);
  return (
    <tr
      class={state.filter(Boolean).join(' ')}
      onPointerEnter={on}
      onPointerLeave={off}
      onFocusIn={on}
      onFocusOut={off}
    >
      <th scope="row">
        <button
          type="button"
          class="link kernel-name"
          aria-pressed={isSelected('layer', layer)}
          onClick={() => select('layer', layer)}
        >
          {layer}
        </button>
        <small>{counted(kernels, 'kernel')}</small>
      </th>
      <td class="number">{formatDuration(ms)}</td>
      <td class="number">{formatPercent(share)}</td>
      <td class="number">{formatRate(intensity)}</td>
      <td class="number">{flops > 0 ? formatRate(gflops) : '–'}</td>
      <td class="number">{formatRate(gbs)}</td>
      <td class="number">
        {formatPercent(reached)}
        <small>of {bound}</small>
      </td>
    </tr>
  );
}
