/**
 * @file The rounds of a workload: every side computes it, outputs are held against each other, and then all take turns,
 * so that drift of the machine hits all alike. Whoever is not in turn is stopped.
 */
import { messageOf } from '../../src/base/errors.ts';
import { median } from '../../src/dnn/tuner/paired.ts';
import { spread } from '../../src/dnn/tuner/rounds.ts';
import { differenceOf } from '../prepared-call.ts';
import type { Answer, Remote } from './protocol.ts';

export interface Candidate {
  readonly name: string;
  readonly flags: string;
  readonly remote: Remote;
}

export interface Timing {
  readonly name: string;
  readonly flags: string;
  /** Milliseconds of a call: the median of the rounds; absent where it has none. */
  readonly medianMs?: number;
  /** Interquartile range over the median. */
  readonly spread?: number;
  readonly rounds: number;
  readonly firstMs?: number;
  /** GPU buffers of the library, at most, from weights to the third call. */
  readonly peakBytes?: number;
  readonly kernels?: number;
  /** Largest |difference| from the first side's outputs, over their rms. */
  readonly difference?: number;
  /** Why there are no times. */
  readonly failure?: string;
}

export interface RoundOptions {
  readonly rounds: number;
  /** Calls of a turn take about this long. */
  readonly turnMs: number;
  /** Outputs that differ by more than this disqualify. */
  readonly tolerance: number;
  readonly onProgress: (text: string) => void;
}

interface VerifiedSide {
  readonly candidate: Candidate;
  readonly timing: Timing;
  readonly calls: number;
  readonly times: number[];
}

export async function measure(
  workload: string,
  candidates: readonly Candidate[],
  options: RoundOptions,
): Promise<Timing[]> {
  const timings: Timing[] = [];
  const verified = new Set<VerifiedSide>();
  let reference: Float32Array | undefined;
  for (const candidate of candidates) {
    const { name, flags, remote } = candidate;
    options.onProgress(`${workload}: ${name}`);
    try {
      const prepared = await inTurn(remote, () => wanted(remote.ask({ do: 'prepare', workload }), 'prepared'));
      const { outputs, firstMs, peakBytes, kernels } = prepared;
      reference ??= outputs;
      const difference = differenceOf(outputs, reference, options.tolerance);
      const { ms } = await inTurn(remote, () => wanted(remote.ask({ do: 'time', calls: 1 }), 'timed'));
      verified.add({
        candidate,
        timing: { name, flags, rounds: 0, firstMs, peakBytes, kernels, difference },
        calls: Math.min(500, Math.max(1, Math.round(options.turnMs / ms))),
        times: [],
      });
    } catch (error) {
      timings.push({ name, flags, rounds: 0, failure: messageOf(error) });
    }
  }
  for (let round = 0; round < options.rounds; round++) {
    options.onProgress(`${workload}: round ${round + 1} of ${options.rounds}`);
    for (const one of verified) {
      const { candidate, calls, times } = one;
      const { name, flags, remote } = candidate;
      try {
        times.push((await inTurn(remote, () => wanted(remote.ask({ do: 'time', calls }), 'timed'))).ms);
      } catch (error) {
        verified.delete(one);
        timings.push({ name, flags, rounds: times.length, failure: messageOf(error) });
      }
    }
  }
  for (const { timing, times } of verified) {
    timings.push({ ...timing, medianMs: median(times), spread: spread(times), rounds: times.length });
  }
  return timings.toSorted((a, b) => (a.medianMs ?? Infinity) - (b.medianMs ?? Infinity));
}

async function inTurn<T>(remote: Remote, work: () => Promise<T>): Promise<T> {
  remote.resume();
  try {
    return await work();
  } finally {
    remote.suspend();
  }
}

/** The answer, if it is of that kind. */
export async function wanted<K extends Answer['is']>(
  answer: Promise<Answer>,
  is: K,
): Promise<Extract<Answer, { is: K }>> {
  const given = await answer;
  if (given.is === is) return given as Extract<Answer, { is: K }>;
  throw new Error(given.is === 'failed' ? given.reason : `answered '${given.is}', not '${is}'`);
}
