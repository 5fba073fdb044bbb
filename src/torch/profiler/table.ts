/**
 * @file The table of a profile as text, with PyTorch's columns.
 */
import { formatBytes } from '../../base/format.ts';
import type { KeyAverage } from './key-averages.ts';
import type { ProfileData } from '../../compile/profile-data.ts';

/** What rows can be sorted by. */
export const sortKeys = [
  'selfGpuTimeTotal',
  'gpuTimeTotal',
  'selfCpuTimeTotal',
  'cpuTimeTotal',
  'count',
  'kernels',
  'bytes',
  'flops',
] as const;

export interface TableOptions {
  readonly sortBy: (typeof sortKeys)[number] | null;
  readonly rowLimit: number;
  readonly maxNameColumnWidth: number;
  readonly maxShapesColumnWidth: number;
  readonly header: string | null;
}

interface Column {
  readonly title: string;
  readonly cell: (row: KeyAverage) => string;
}

export function tableText(rows: readonly KeyAverage[], profiled: ProfileData, options: TableOptions): string {
  if (rows.length === 0)
    return 'nothing was computed while the profile was taken; read a value (await y.data()) before stop(), or give run() a body that returns tensors\n';
  const { sortBy, rowLimit } = options;
  const sorted = sortBy === null ? rows : rows.toSorted((a, b) => b[sortBy] - a[sortBy]);
  const shown = rowLimit < 0 ? sorted : sorted.slice(0, rowLimit);
  const columns = columnsOf(rows, profiled, options);
  const cells = [columns.map(({ title }) => title), ...shown.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, c) => Math.max(...cells.map((line) => line[c].length)));
  const line = (texts: readonly string[]): string => texts.map((text, c) => text.padStart(widths[c])).join('  ');
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [
    ...(options.header === null ? [] : [options.header]),
    rule,
    line(cells[0]),
    rule,
    ...cells.slice(1).map(line),
    rule,
    ...footer(rows, profiled),
    '',
  ].join('\n');
}

function columnsOf(rows: readonly KeyAverage[], { ceilings }: ProfileData, options: TableOptions): Column[] {
  const total = (of: (row: KeyAverage) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  const cpu = total((row) => row.selfCpuTimeTotal);
  const gpu = total((row) => row.selfGpuTimeTotal);
  const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 3)}...` : text);
  const ofCpu: Column[] = [
    { title: 'Self CPU %', cell: (row) => percent(row.selfCpuTimeTotal, cpu) },
    { title: 'Self CPU', cell: (row) => formatTime(row.selfCpuTimeTotal) },
    { title: 'CPU total %', cell: (row) => percent(row.cpuTimeTotal, cpu) },
    { title: 'CPU total', cell: (row) => formatTime(row.cpuTimeTotal) },
    { title: 'CPU time avg', cell: (row) => formatTime(row.cpuTimeTotal / row.count) },
  ];
  const ofGpu: Column[] = [
    { title: 'Self GPU', cell: (row) => formatTime(row.selfGpuTimeTotal) },
    { title: 'Self GPU %', cell: (row) => percent(row.selfGpuTimeTotal, gpu) },
    { title: 'GPU total', cell: (row) => formatTime(row.gpuTimeTotal) },
    { title: 'GPU time avg', cell: (row) => formatTime(row.gpuTimeTotal / row.count) },
  ];
  const kernels: Column = { title: '# of Kernels', cell: (row) => String(row.kernels) };
  const flops: Column = { title: 'Total MFLOPs', cell: (row) => (row.flops ? (row.flops / 1e6).toFixed(3) : '--') };
  const ceiling: Column = {
    title: '% of Ceiling',
    cell: ({ ofCeiling }) => (ofCeiling === undefined ? '--' : percent(ofCeiling, 1)),
  };
  const shapes: Column = {
    title: 'Input Shapes',
    cell: ({ inputShapes = '' }) => cut(inputShapes, options.maxShapesColumnWidth),
  };
  return [
    { title: 'Name', cell: ({ key }) => cut(key, options.maxNameColumnWidth) },
    ...(rows.some((row) => row.cpuTimeTotal > 0) ? ofCpu : []),
    ...(rows.some((row) => row.kernels > 0) ? ofGpu : []),
    { title: '# of Calls', cell: ({ count }) => String(count) },
    ...(rows.some((row) => row.kernels > 0) ? [kernels] : []),
    ...(rows.some((row) => row.inputShapes !== undefined) ? [shapes] : []),
    { title: 'Bytes', cell: ({ bytes }) => formatBytes(bytes) },
    ...(ceilings ? [flops, ceiling] : []),
  ];
}

/** PyTorch's totals, and what the figures are. */
function footer(rows: readonly KeyAverage[], { device, ceilings, wallMs }: ProfileData): string[] {
  const total = (of: (row: KeyAverage) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  const cpu = total((row) => row.selfCpuTimeTotal);
  const clocks = {
    'timestamp-query': 'timestamp queries, each kernel in a pass of its own',
    wall: 'wall time around each kernel, since this adapter has no timestamp queries',
  };
  return [
    ...(cpu > 0 ? [`Self CPU time total: ${formatTime(cpu)} on the cpu reference`] : []),
    ...(device
      ? [
          `Self GPU time total: ${formatTime(total((row) => row.selfGpuTimeTotal))} on ${device.adapter}${device.software ? ' (software: times say nothing about a GPU)' : ''}`,
          `Measured by ${clocks[device.clock]}, in steps of ${formatTime(device.quantumNs / 1000)}; bytes${ceilings ? ' and operations' : ''} are computed`,
        ]
      : []),
    ...(ceilings
      ? [`Measured ceilings: ${ceilings.flops.toPrecision(3)} GFLOP/s, ${ceilings.bytes.toPrecision(3)} GB/s`]
      : []),
    `Wall time from start to stop: ${formatTime(1000 * wallMs)}`,
  ];
}

/** Microseconds in the unit that suits them, as PyTorch writes them. */
function formatTime(us: number): string {
  if (us >= 1e6) return `${(us / 1e6).toFixed(3)}s`;
  return us >= 1000 ? `${(us / 1000).toFixed(3)}ms` : `${us.toFixed(3)}us`;
}

const percent = (part: number, whole: number): string => (whole > 0 ? `${((100 * part) / whole).toFixed(2)}%` : '--');
