/**
 * @file What `bench conv` prints: a block a shape, and in the end the ratio to the best peer.
 */
import { describeSamples, ratioToBestPeer } from './ratios.ts';
import type { Timing } from './rounds.ts';

export interface Results {
  readonly adapter: string;
  readonly software: boolean;
  readonly host: string;
  /** What the adapter's float32 multiply-adds reach in a kernel that does nothing else. */
  readonly ceilingGflops: number;
  readonly shapes: readonly {
    readonly name: string;
    readonly descriptor: string;
    readonly gflop: number;
    readonly chosen: string;
    readonly timings: readonly Timing[];
  }[];
}

export function formatResults({ adapter, software, host, ceilingGflops, shapes }: Results): string {
  const lines = [
    `convolution on ${adapter}${software ? ' (a software adapter)' : ''}, ${host}; wall time from submitting to finished, medians of interleaved samples`,
    `measured ceiling of float32 multiply-adds ${ceilingGflops.toFixed(1)} GFLOP/s; operations are counted as the direct method's, so FFT and Winograd may pass it`,
    '',
  ];
  for (const { name, descriptor, gflop, chosen, timings } of shapes) {
    lines.push(`${name}: ${descriptor}, ${gflop.toFixed(3)} GFLOP, wuDNN chose ${chosen}`);
    for (const timing of timings) {
      if (timing.medianMs === undefined) lines.push(`  ${timing.name.padEnd(30)} failed: ${timing.failure}`);
      else
        lines.push(
          `  ${timing.name.padEnd(30)} ${timing.medianMs.toFixed(3).padStart(11)} ms ${timing.gflops!.toFixed(2).padStart(9)} GFLOP/s ${((100 * timing.gflops!) / ceilingGflops).toFixed(0).padStart(4)}% of the ceiling  ${describeSamples(timing)}`,
        );
    }
  }
  const ratios = shapes.flatMap(({ name, timings }) => {
    const ratio = ratioToBestPeer(timings);
    return ratio === undefined ? [] : [{ name, ratio }];
  });
  if (ratios.length) {
    const mean = Math.exp(ratios.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / ratios.length);
    const slowest = ratios.reduce((a, b) => (b.ratio < a.ratio ? b : a));
    lines.push(
      '',
      `speed over the best peer: ${mean.toFixed(2)} in geometric mean of ${ratios.length} shapes; least ${slowest.ratio.toFixed(2)} (${slowest.name})`,
    );
  }
  return `${lines.join('\n')}\n`;
}
