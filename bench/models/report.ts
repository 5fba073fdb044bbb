/**
 * @file What `bench models` prints: a table a workload, and in the end how compiled wuDNN stands beside the fastest
 * peer.
 */
import { formatBytes, formatDuration, formatPercent } from '../../src/base/format.ts';
import { formatTable } from '../../src/cli/table.ts';
import type { Timing } from './rounds.ts';

export interface Results {
  readonly adapter: string;
  readonly software: boolean;
  readonly host: string;
  /** What was asked of the command. */
  readonly command: string;
  readonly tolerance: number;
  readonly workloads: readonly { readonly name: string; readonly timings: readonly Timing[] }[];
}

const isOurs = ({ name }: Timing): boolean => name.startsWith('wuDNN');
/** PyTorch runs on the CPU, beside the GPU's libraries. */
const isPeer = (timing: Timing): boolean => !isOurs(timing) && !timing.name.startsWith('PyTorch');

/** The fastest peer's time over that of compiled wuDNN; `undefined` where either is missing. */
export function ratioToFastestPeer(timings: readonly Timing[]): { ratio: number; peer: string } | undefined {
  const ours = timings.find((timing) => isOurs(timing) && timing.name.endsWith(' compiled'))?.medianMs;
  const peer = timings.find((timing) => isPeer(timing) && timing.medianMs !== undefined);
  return ours === undefined || !peer ? undefined : { ratio: peer.medianMs! / ours, peer: peer.name };
}

export function formatResults({ adapter, software, host, command, tolerance, workloads }: Results): string {
  const lines = [
    `models on ${adapter}${software ? ' (a software adapter: times say nothing about a GPU)' : ''}, ${host}`,
    command,
    `wall time of a call, from submitting to finished: the median of interleaved rounds, and their interquartile range. Outputs of three calls, or the losses of`,
    `three steps, were compared first; ${tolerance} of the rms disqualifies. First: from weights on the host to the first result, with all that is compiled or`,
    'measured on the way. Buffers: those of the GPU that the library holds at most. Kernels: dispatches of one call.',
    '',
  ];
  for (const { name, timings } of workloads) {
    const measured = timings.filter((timing) => timing.medianMs !== undefined);
    const rows = measured.map((timing) => [
      timing.name,
      timing.medianMs!.toPrecision(4),
      formatPercent(timing.spread!),
      String(timing.rounds),
      formatDuration(timing.firstMs!),
      timing.peakBytes === undefined ? '' : formatBytes(timing.peakBytes),
      timing.kernels === undefined ? '' : String(timing.kernels),
      timing.difference!.toExponential(0),
      timing.flags,
    ]);
    const head = [name, 'ms a call', 'spread', 'rounds', 'first', 'buffers', 'kernels', 'difference', 'flags'];
    lines.push(formatTable(head, rows).trimEnd());
    for (const { name: side, failure } of timings) if (failure !== undefined) lines.push(`${side}: ${failure}`);
    const best = ratioToFastestPeer(timings);
    if (best) lines.push(`compiled wuDNN is ${best.ratio.toFixed(2)} times as fast as ${best.peer}`);
    lines.push('');
  }
  const ratios = workloads.flatMap(({ name, timings }) => {
    const best = ratioToFastestPeer(timings);
    return best ? [{ name, ...best }] : [];
  });
  if (ratios.length > 1) {
    const mean = Math.exp(ratios.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / ratios.length);
    const least = ratios.reduce((a, b) => (b.ratio < a.ratio ? b : a));
    lines.push(
      `compiled wuDNN beside the fastest peer: ${mean.toFixed(2)} times as fast in geometric mean of ${ratios.length} workloads; least ${least.ratio.toFixed(2)} (${least.name})`,
    );
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
