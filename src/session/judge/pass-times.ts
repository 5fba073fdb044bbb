/**
 * @file What a pass of the compiler gains: a model's time with all passes and without one, in turn, so that whatever
 * slows the machine down slows both.
 */
import { engine } from '../../compile/engine.ts';
import type { PassName } from '../../compile/passes/index.ts';
import { optionalPasses } from '../../compile/passes/index.ts';
import type { TracedModel } from '../../graph/types.ts';
import { timeCall } from './replay.ts';

/** A pass, or all that can be left out together. */
export type TimedPass = PassName | 'all';

export interface PassTimes {
  readonly pass: TimedPass;
  /**
   * Milliseconds by round: of the GPU's work alone where the adapter has a clock, else from submitting to the device
   * being idle.
   */
  readonly withMs: readonly number[];
  readonly withoutMs: readonly number[];
  readonly clock: 'gpu' | 'wall';
}

/** Rounds that count, after those that compile kernels and prepare weights. */
const rounds = 15;
const warmup = 3;

export async function timePasses(model: TracedModel, names: readonly TimedPass[]): Promise<PassTimes[]> {
  const times: PassTimes[] = [];
  for (const pass of names) {
    const without = pass === 'all' ? optionalPasses : [pass];
    const taken: { with: Call; without: Call }[] = [];
    for (let round = 0; round < warmup + rounds; round++) {
      const call = { with: await timed(model, []), without: await timed(model, without) };
      if (round >= warmup) taken.push(call);
    }
    const hasClock = taken.every((call) => call.with.gpu !== undefined && call.without.gpu !== undefined);
    const msOf = ({ gpu, wall }: Call): number => (hasClock ? gpu! : wall);
    times.push({
      pass,
      withMs: taken.map((call) => msOf(call.with)),
      withoutMs: taken.map((call) => msOf(call.without)),
      clock: hasClock ? 'gpu' : 'wall',
    });
  }
  return times;
}

type Call = Awaited<ReturnType<typeof timeCall>>;

async function timed(model: TracedModel, without: readonly PassName[]): Promise<Call> {
  engine.withoutPasses = without;
  try {
    return await timeCall(model);
  } finally {
    engine.withoutPasses = [];
  }
}
