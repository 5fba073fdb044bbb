/**
 * @file A remote's layers under its own roofline, in numbers.
 */
import { counted, formatPercent } from '../../../base/format.ts';
import { highlight } from '../../highlights.ts';
import { nameOf } from '../../remote-traces.ts';
import { formatRate } from '../rates.ts';
import type { Pointed } from './dots.tsx';
import { PointRow, PointTable } from './point-table.tsx';
import type { RemotePoint, RemoteRoofline } from './remote.ts';
import { isPointLit } from './remote.ts';

interface Props {
  readonly roofline: RemoteRoofline;
  readonly pointed: Pointed;
}

const columns = ['Layer', 'Time', 'Of all', 'Ops/byte', 'GFLOP/s', 'GB/s', 'Of ceiling'] as const;

export function RemoteLayers({ roofline: { trace, ceilings, points, unknown }, pointed }: Props) {
  const title = `Remote: ${nameOf(trace)}, by layer`;
  return (
    <>
      <h2>{title}</h2>
      {points.length > 0 && (
        <PointTable title={title} columns={columns}>
          {points.map((point) => (
            <Row key={point.layer} point={point} pointed={pointed} />
          ))}
        </PointTable>
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
  const { layer, kernels, flops, intensity, gflops, gbs, reached, bound } = point;
  return (
    <PointRow
      point={point}
      pointed={pointed}
      isLit={isPointLit(point, highlight.value)}
      selects={{ kind: 'layer', name: layer }}
      label={layer}
      about={counted(kernels, 'kernel')}
    >
      <td class="number">{formatRate(intensity)}</td>
      <td class="number">{flops > 0 ? formatRate(gflops) : '–'}</td>
      <td class="number">{formatRate(gbs)}</td>
      <td class="number">
        {formatPercent(reached)}
        <small>of {bound}</small>
      </td>
    </PointRow>
  );
}
