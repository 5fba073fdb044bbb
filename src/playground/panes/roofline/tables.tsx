/**
 * @file The roofline in numbers: kernels that compute, and those that only move data.
 */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { formatBytes, formatPercent } from '../../../base/format.ts';
import { highlight } from '../../highlights.ts';
import { say } from '../../language.ts';
import { kernelSign } from '../kernel-sign.ts';
import { formatRate } from '../rates.ts';
import { isLit } from './lit-point.ts';
import type { Pointed } from './dots.tsx';
import { PointRow, PointTable } from './point-table.tsx';
import type { Point, Roofline } from './points.ts';
import { boundWords } from './points.ts';

interface Props {
  readonly roofline: Roofline;
  readonly pointed: Pointed;
}

/** So many rows are drawn at once. */
const atOnce = 30;

export function Computing({ roofline: { computing }, pointed }: Props) {
  return (
    <Table
      title={say({ en: 'Kernels that compute', zh: '做计算的内核' })}
      columns={[
        say({ en: 'Kernel', zh: '内核' }),
        say({ en: 'Time', zh: '耗时' }),
        say({ en: 'Of all', zh: '占比' }),
        say({ en: 'Ops/byte', zh: '运算/字节' }),
        'GFLOP/s',
        say({ en: 'Of ceiling', zh: '占上限' }),
      ]}
      points={computing}
      pointed={pointed}
      cells={({ intensity, gflops, reached, bound, untold }) => (
        <>
          <td class="number">{formatRate(intensity)}</td>
          <td class="number">{untold ? '–' : formatRate(gflops)}</td>
          <td class="number">
            {untold ? '–' : formatPercent(reached)}
            <small>
              {untold ? belowStep() : say({ en: `of ${boundWords[bound].en}`, zh: `${boundWords[bound].zh}上限` })}
            </small>
          </td>
        </>
      )}
    />
  );
}

export function Moving({ roofline: { moving }, pointed }: Props) {
  return (
    <Table
      title={say({ en: 'Kernels that only move data', zh: '只搬运数据的内核' })}
      columns={[
        say({ en: 'Kernel', zh: '内核' }),
        say({ en: 'Time', zh: '耗时' }),
        say({ en: 'Of all', zh: '占比' }),
        say({ en: 'Bytes a call', zh: '每次字节' }),
        'GB/s',
        say({ en: 'Of ceiling', zh: '占上限' }),
      ]}
      points={moving}
      pointed={pointed}
      cells={({ bytes, calls, gbs, reached, untold }) => (
        <>
          <td class="number">{formatBytes(Math.round(bytes / calls))}</td>
          <td class="number">{untold ? '–' : formatRate(gbs)}</td>
          <td class="number">
            {untold ? '–' : formatPercent(reached)}
            <small>{untold ? belowStep() : say({ en: 'of memory', zh: '访存上限' })}</small>
            {!untold && (
              <span class="reached" aria-hidden="true" style={{ inlineSize: `${Math.min(1, reached) * 100}%` }} />
            )}
          </td>
        </>
      )}
    />
  );
}

const belowStep = (): string => say({ en: "below the clock's step", zh: '短于时钟的一格' });

interface TableProps {
  readonly title: string;
  /** The kernel's, and those of numbers. */
  readonly columns: readonly [string, ...string[]];
  readonly points: readonly Point[];
  readonly pointed: Props['pointed'];
  readonly cells: (point: Point) => ComponentChildren;
}

function Table({ title, columns, points, pointed, cells }: TableProps) {
  const all = useSignal(false);
  const shown = all.value ? points : points.slice(0, atOnce);
  return (
    <>
      <h2>{title}</h2>
      <PointTable title={title} columns={columns}>
        {shown.map((point) => (
          <KernelRow key={`${point.name} ${point.bytes} ${point.flops}`} point={point} pointed={pointed}>
            {cells(point)}
          </KernelRow>
        ))}
      </PointTable>
      {points.length > shown.length && (
        <button type="button" class="quiet" onClick={() => (all.value = true)}>
          {say({
            en: `Show ${points.length - shown.length} more kernels`,
            zh: `显示其余 ${points.length - shown.length} 个内核`,
          })}
        </button>
      )}
    </>
  );
}

function KernelRow({
  point,
  pointed,
  children,
}: Pick<TableProps, 'pointed'> & { point: Point; children: ComponentChildren }) {
  const { name, operation, calls } = point;
  const { colour, letter } = kernelSign(name);
  return (
    <PointRow
      point={point}
      pointed={pointed}
      isLit={isLit(point, highlight.value)}
      selects={{ kind: 'kernel', name }}
      label={
        <>
          <span class="sign" style={{ color: colour }} aria-hidden="true">
            {letter}
          </span>
          <Breakable name={name} />
        </>
      }
      about={
        calls > 1
          ? say({
              en: `${operation}, ${calls.toLocaleString('en')} calls`,
              zh: `${operation}，${calls.toLocaleString('en')} 次调用`,
            })
          : operation
      }
    >
      {children}
    </PointRow>
  );
}

/** A path that may break after each of its parts. */
function Breakable({ name }: { name: string }) {
  return (
    <span>
      {name.split(/(?<=[/_+])/).map((part, i) => (
        <span key={i}>
          {part}
          <wbr />
        </span>
      ))}
    </span>
  );
}
