/**
 * @file The roofline as a picture: the ceilings, and a point for each kernel as large as its time; beside them those of
 * remotes.
 */
import { useRef } from 'preact/hooks';
import { say } from '../../language.ts';
import { sized, useMeasured } from '../measured.ts';
import { formatRate } from '../rates.ts';
import { logAxis, tickText } from './axis.ts';
import type { Pointed } from './dots.tsx';
import { Dot, Name, Square } from './dots.tsx';
import type { Roofline } from './points.ts';
import { ridgeOf } from './points.ts';
import type { RemoteRoofline } from './remote.ts';
import { Roof, Slope } from './roof.tsx';

/** Room for the numbers at the axes. */
const margin = { left: 52, right: 16, top: 14, bottom: 40 };

/** From this width on a ceiling's name tells how it is known, and the longest kernel has its name. */
const roomy = 560;

interface Props {
  readonly roofline: Roofline;
  readonly remotes: readonly RemoteRoofline[];
  readonly pointed: Pointed;
}

export function Chart({ roofline: { ceilings, computing }, remotes, pointed }: Props) {
  const frame = useRef<HTMLElement>(null);
  const width = useMeasured(frame);
  const height = Math.min(360, Math.max(240, width.value * 0.5));
  const told = computing.filter(({ untold }) => !untold);
  const there = remotes.flatMap(({ points }) => points.filter(({ flops }) => flops > 0));
  const points = [...told, ...there];
  const roofs = [ceilings, ...remotes.map((remote) => remote.ceilings)];
  const x = logAxis(
    [...points.map(({ intensity }) => intensity), ...roofs.map(ridgeOf)],
    margin.left,
    width.value - margin.right,
  );
  const y = logAxis(
    [...points.map(({ gflops }) => gflops), ...roofs.flatMap(({ flops, bytes }) => [flops, x.low * bytes])],
    height - margin.bottom,
    margin.top,
  );
  const axes = { x, y, right: width.value - margin.right };
  const byProbe = width.value >= roomy ? say({ en: ', measured by a probe', zh: '，由探针测得' }) : '';
  const longest = width.value >= roomy ? told[0] : undefined;
  const named = points.find((point) => point === pointed.value) ?? longest;
  return (
    <figure class="roofline-chart" ref={frame}>
      {width.value > 0 && (
        <svg
          {...sized(width.value, height)}
          role="img"
          aria-label={say({
            en: `Roofline: arithmetic allows ${formatRate(ceilings.flops)} GFLOP/s, memory ${formatRate(ceilings.bytes)} GB/s; the table below has each kernel's figures`,
            zh: `屋顶线：计算上限 ${formatRate(ceilings.flops)} GFLOP/s，访存上限 ${formatRate(ceilings.bytes)} GB/s；各内核的数据见下表`,
          })}
        >
          <g class="ticks">
            {x.ticks.map(({ value, at }) => (
              <g key={value}>
                <line x1={at} x2={at} y1={margin.top} y2={height - margin.bottom} />
                <text x={at} y={height - margin.bottom + 14} text-anchor="middle">
                  {tickText(value)}
                </text>
              </g>
            ))}
            {y.ticks.map(({ value, at }) => (
              <g key={value}>
                <line x1={margin.left} x2={width.value - margin.right} y1={at} y2={at} />
                <text x={margin.left - 6} y={at} text-anchor="end" dominant-baseline="central">
                  {tickText(value)}
                </text>
              </g>
            ))}
            <text x={width.value - margin.right} y={height - 6} text-anchor="end">
              {say({ en: 'operations per byte, computed →', zh: '每字节运算数（计算得出）→' })}
            </text>
            <text x={0} y={height - 6}>
              ↑ GFLOP/s
            </text>
          </g>
          <Slope
            {...axes}
            ceilings={{ flops: ceilings.flops, bytes: ceilings.workgroup }}
            isBelow={ceilings.workgroup < ceilings.bytes}
            name={say({
              en: `workgroup memory: ${formatRate(ceilings.workgroup)} GB/s${byProbe}`,
              zh: `工作组内存：${formatRate(ceilings.workgroup)} GB/s${byProbe}`,
            })}
          />
          {remotes.map(({ trace, ceilings: published }) => (
            <Roof
              key={trace.remote}
              {...axes}
              kind="remote"
              ceilings={published}
              arithmetic={`${trace.report.device.name}: ${formatRate(published.flops)} GFLOP/s${width.value >= roomy ? say({ en: `, ${published.arithmetic}, published`, zh: `，${published.arithmetic}，公布值` }) : ''}`}
              memory={`${formatRate(published.bytes)} GB/s${width.value >= roomy ? say({ en: ', published', zh: '，公布值' }) : ''}`}
            />
          ))}
          <Roof
            {...axes}
            kind="own"
            ceilings={ceilings}
            arithmetic={say({
              en: `arithmetic: ${formatRate(ceilings.flops)} GFLOP/s${byProbe}`,
              zh: `计算：${formatRate(ceilings.flops)} GFLOP/s${byProbe}`,
            })}
            memory={say({
              en: `memory: ${formatRate(ceilings.bytes)} GB/s${byProbe}`,
              zh: `访存：${formatRate(ceilings.bytes)} GB/s${byProbe}`,
            })}
          />
          {there.toReversed().map((point) => (
            <Square
              key={`${point.layer} ${point.ms}`}
              point={point}
              at={[x.at(point.intensity), y.at(point.gflops)]}
              pointed={pointed}
            />
          ))}
          {told.toReversed().map((point) => (
            <Dot
              key={`${point.name} ${point.bytes} ${point.flops}`}
              point={point}
              at={[x.at(point.intensity), y.at(point.gflops)]}
              pointed={pointed}
            />
          ))}
          {named && (
            <Name
              of={named}
              at={[x.at(named.intensity), y.at(named.gflops)]}
              width={width.value}
              bottom={height - margin.bottom}
            />
          )}
        </svg>
      )}
      <figcaption>
        {say({
          en: 'The ceilings are measured by probes. A point is a kernel; its area is its share of the time. The dotted line is the ceiling of workgroup memory: it holds for the bytes that a kernel reads there, which the points do not count.',
          zh: '上限由探针测得。一个点是一个内核，面积为其耗时占比。虚线是工作组内存的上限：适用于内核在那里读的字节，图中的点不计入这些字节。',
        })}
        {remotes.length > 0 &&
          say({
            en: ' A square is a layer there: its time is measured there, its work computed here. The ceilings there are the manufacturer’s figures, not measured.',
            zh: '方块是那边的一层：耗时在那边测得，运算量在本机计算。那边的上限是厂商公布的数值，并非实测。',
          })}
      </figcaption>
    </figure>
  );
}
