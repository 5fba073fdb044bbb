/**
 * @file The race: every library on the same convolution, results held against each other first, then samples in turn, so
 * that drift of the machine hits all alike.
 */
import type { Contender, ConvShape, Prepared } from './contender.ts';
import { flopsOf } from './contender.ts';

export interface Lap {
  readonly name: string;
  /** Median of the samples, milliseconds of one convolution; absent where the library failed. */
  readonly medianMs?: number;
  /** Interquartile range over the median. */
  readonly spread?: number;
  readonly samples: number;
  readonly gflops?: number;
  /** Largest |difference| from the first contender's result, over that result's rms. */
  readonly difference?: number;
  readonly failure?: string;
}

export interface RaceOptions {
  /** Samples of each contender; who is clearly slower takes fewer, and the result says how many. */
  readonly samples: number;
  /** A sample repeats the convolution until it takes about this long. */
  readonly sampleMs: number;
  /** Results that differ by more than this lose. */
  readonly tolerance: number;
}

/** Whoever takes this many times the fastest's time has lost, and takes no more samples. */
const lostAt = 3;

interface Runner {
  readonly name: string;
  readonly prepared: Prepared;
  readonly repeats: number;
  readonly difference: number;
  readonly times: number[];
}

export async function race(shape: ConvShape, contenders: readonly Contender[], options: RaceOptions): Promise<Lap[]> {
  const x = numbers(
    shape.x.reduce((a, b) => a * b),
    1,
  );
  const w = numbers(
    shape.w.reduce((a, b) => a * b),
    2,
  );
  const laps: Lap[] = [];
  const runners: Runner[] = [];
  let reference: Float32Array | undefined;
  for (const { name, prepare } of contenders) {
    try {
      const prepared = await prepare(shape, x, w);
      await prepared.run();
      await prepared.sync();
      const output = await prepared.output();
      reference ??= output;
      const difference = largestDifference(output, reference);
      if (!(difference <= options.tolerance))
        throw new Error(
          `its result differs by ${difference.toExponential(1)} of the rms; more than ${options.tolerance} loses`,
        );
      const once = await timed(prepared, 1);
      runners.push({
        name,
        prepared,
        difference,
        repeats: Math.min(200, Math.max(1, Math.round(options.sampleMs / once))),
        times: [],
      });
    } catch (error) {
      laps.push({ name, samples: 0, failure: error instanceof Error ? error.message : String(error) });
    }
  }
  for (let sample = 0; sample < options.samples; sample++) {
    const fastest = Math.min(...runners.map(({ times }) => quantile(times, 0.5)));
    for (const { prepared, repeats, times } of runners) {
      const lost = quantile(times, 0.5) > lostAt * fastest;
      if (!lost) times.push(await timed(prepared, repeats));
    }
  }
  for (const { name, prepared, difference, times } of runners) {
    prepared.dispose();
    const medianMs = quantile(times, 0.5);
    laps.push({
      name,
      medianMs,
      spread: (quantile(times, 0.75) - quantile(times, 0.25)) / medianMs,
      samples: times.length,
      gflops: flopsOf(shape) / medianMs / 1e6,
      difference,
    });
  }
  return laps.toSorted((a, b) => (a.medianMs ?? Infinity) - (b.medianMs ?? Infinity));
}

/** Of no times: `NaN`. */
function quantile(times: readonly number[], q: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.round(q * (sorted.length - 1))] ?? NaN;
}

/** Milliseconds of one convolution: `repeats` are submitted, then waited for together. */
async function timed({ run, sync }: Prepared, repeats: number): Promise<number> {
  await sync();
  const started = performance.now();
  for (let i = 0; i < repeats; i++) await run();
  await sync();
  return (performance.now() - started) / repeats;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  let squares = 0;
  for (let i = 0; i < b.length; i++) {
    largest = Math.max(largest, Math.abs(a[i] - b[i]));
    squares += b[i] ** 2;
  }
  return largest / Math.sqrt(squares / b.length);
}

/** Numbers in (−1, 1), the same each time. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}
