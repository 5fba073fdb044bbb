/**
 * @file A remote's layers under its own roofline, in numbers.
 */
import { counted, formatPercent } from '../../../base/format.ts';
import { highlight } from '../../highlights.ts';
import { say } from '../../language.ts';
import { nameOf } from '../../remote-traces.ts';
import { formatRate } from '../rates.ts';
import type { Pointed } from './dots.tsx';
import { PointRow, PointTable } from './point-table.tsx';
import type { RemotePoint, RemoteRoofline } from './remote.ts';
import { isPointLit } from './remote.ts';
import { boundWords } from './points.ts';

interface Props {
  readonly roofline: RemoteRoofline;
  readonly pointed: Pointed;
}

const columns = (): readonly [string, ...string[]] => [
  say({ en: 'Layer', zh: '层' }),
  say({ en: 'Time', zh: '耗时' }),
  say({ en: 'Of all', zh: '占比' }),
  say({ en: 'Ops/byte', zh: '运算/字节' }),
  'GFLOP/s',
  'GB/s',
  say({ en: 'Of ceiling', zh: '占上限' }),
];

export function RemoteLayers({ roofline: { trace, ceilings, points, unknown }, pointed }: Props) {
  const title = say({ en: `Remote: ${nameOf(trace)}, by layer`, zh: `远端：${nameOf(trace)}，按层` });
  return (
    <>
      <h2>{title}</h2>
      {points.length > 0 && (
        <PointTable title={title} columns={columns()}>
          {points.map((point) => (
            <Row key={point.layer} point={point} pointed={pointed} />
          ))}
        </PointTable>
      )}
      <p class="about">
        {say({
          en: `Times are measured there by PyTorch's profiler, ${trace.origin}. Operations and bytes are computed from your graph: those of the direct method, and what a layer reads and writes at least. The ceilings of ${ceilings.arithmetic} and memory are published figures, not measured: ${ceilings.source}.`,
          zh: `耗时由那边的 PyTorch 性能分析器测得（${trace.origin}）。运算量和字节数按你的图计算：取直接法的运算量，以及一层至少要读写的字节。${ceilings.arithmetic} 与访存的上限是公布值，并非实测：${ceilings.source}。`,
        })}
        {unknown > 0 &&
          say({
            en: ` ${counted(unknown, 'kernel')} of ${trace.kernels.length} cannot be shown: of no layer that ran here.`,
            zh: `${trace.kernels.length} 个内核中有 ${unknown} 个无法显示：不属于在本机运行过的任何层。`,
          })}
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
      about={say({ en: counted(kernels, 'kernel'), zh: `${kernels} 个内核` })}
    >
      <td class="number">{formatRate(intensity)}</td>
      <td class="number">{flops > 0 ? formatRate(gflops) : '–'}</td>
      <td class="number">{formatRate(gbs)}</td>
      <td class="number">
        {formatPercent(reached)}
        <small>{say({ en: `of ${boundWords[bound].en}`, zh: `${boundWords[bound].zh}上限` })}</small>
      </td>
    </PointRow>
  );
}
