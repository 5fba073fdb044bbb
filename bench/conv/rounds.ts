/**
 * @file The rounds: every library on the same convolution, results held against each other first, then samples in turn,
 * so that drift of the machine hits all alike.
 */
import { messageOf } from '../../src/base/errors.ts';
import { median } from '../../src/dnn/tuner/paired.ts';
import { spread } from '../../src/dnn/tuner/rounds.ts';
import { generator, numbers, sizeOf } from '../draw.ts';
import type { PreparedCall } from '../prepared-call.ts';
import { differenceOf, timeCalls } from '../prepared-call.ts';
import type { Candidate, ConvShape } from './candidate.ts';
import { flopsOf } from './candidate.ts';

export interface Timing {
  readonly name: string;
  /** Median of the samples, milliseconds of one convolution; absent where the library failed. */
  readonly medianMs?: number;
  /** Interquartile range over the median. */
  readonly spread?: number;
  readonly samples: number;
  readonly gflops?: number;
  /** Largest |difference| from the first candidate's result, over that result's rms. */
  readonly difference?: number;
  readonly failure?: string;
}

export interface RoundOptions {
  /** Samples of each candidate; one that is clearly slower takes fewer, and the timing says how many. */
  readonly samples: number;
  /** A sample repeats the convolution until it takes about this long. */
  readonly sampleMs: number;
  /** A result that differs by more than this disqualifies. */
  readonly tolerance: number;
}

/** A candidate that takes this many times the fastest's time is left behind, and takes no more samples. */
const behindAt = 3;

interface VerifiedLibrary {
  readonly name: string;
  readonly prepared: PreparedCall;
  readonly repeats: number;
  readonly difference: number;
  readonly times: number[];
}

export async function compareInRounds(
  shape: ConvShape,
  candidates: readonly Candidate[],
  options: RoundOptions,
): Promise<Timing[]> {
  const x = numbers(sizeOf(shape.x), generator(1));
  const w = numbers(sizeOf(shape.w), generator(2));
  const timings: Timing[] = [];
  const verified: VerifiedLibrary[] = [];
  let reference: Float32Array | undefined;
  for (const { name, prepare } of candidates) {
    try {
      const prepared = await prepare(shape, x, w);
      await prepared.call();
      await prepared.sync();
      const output = await prepared.output();
      reference ??= output;
      const difference = differenceOf(output, reference, options.tolerance);
      const once = await timeCalls(prepared, 1);
      verified.push({
        name,
        prepared,
        difference,
        repeats: Math.min(200, Math.max(1, Math.round(options.sampleMs / once))),
        times: [],
      });
    } catch (error) {
      timings.push({ name, samples: 0, failure: messageOf(error) });
    }
  }
  for (let sample = 0; sample < options.samples; sample++) {
    const fastest = Math.min(...verified.map(({ times }) => median(times)));
    for (const { prepared, repeats, times } of verified) {
      const isBehind = median(times) > behindAt * fastest;
      if (!isBehind) times.push(await timeCalls(prepared, repeats));
    }
  }
  for (const { name, prepared, difference, times } of verified) {
    prepared.dispose();
    const medianMs = median(times);
    timings.push({
      name,
      medianMs,
      spread: spread(times),
      samples: times.length,
      gflops: flopsOf(shape) / medianMs / 1e6,
      difference,
    });
  }
  return timings.toSorted((a, b) => (a.medianMs ?? Infinity) - (b.medianMs ?? Infinity));
}
