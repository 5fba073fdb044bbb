/**
 * Intent: on every clock, fine or coarse, probes show what a device can do and keep nobody waiting. The device is
 * scripted: a probe takes its launch, and its workgroups' time on a number of cores; the clock shows whole steps.
 */
import { describe, expect, test } from 'vitest';
import type { ProbeSample } from '../../src/dnn/model/probe-times.ts';
import { timeProbes } from '../../src/dnn/model/probe-times.ts';

interface Scripted {
  readonly launchNs: number;
  readonly workgroupNs: number;
  readonly cores: number;
}

const devices: Record<string, Scripted> = {
  'a software adapter': { launchNs: 8_000, workgroupNs: 20_000, cores: 2 },
  'a weak GPU': { launchNs: 10_000, workgroupNs: 60_000, cores: 96 },
  'a large GPU': { launchNs: 4_000, workgroupNs: 3_000, cores: 4_000 },
};
const quanta = { nanoseconds: 1, '65.536 µs': 65_536, '100 µs': 100_000, '2 ms': 2e6, '100 ms': 100e6 };
/** One workgroup alone, one that is short, and one that is long. */
const factors = [1, 1, 0.05, 8];
const alone = [true, false, false, false];

function scripted({ launchNs, workgroupNs, cores }: Scripted, quantumNs: number) {
  let passedNs = 0;
  const truth = (i: number, { workgroups }: ProbeSample): number =>
    launchNs + Math.ceil(workgroups / cores) * workgroupNs * factors[i];
  const shown = (ns: number): number => Math.floor((passedNs + ns) / quantumNs) * quantumNs - floor(passedNs);
  const floor = (ns: number): number => Math.floor(ns / quantumNs) * quantumNs;
  return {
    truth,
    passedMs: () => passedNs / 1e6,
    quantumNs,
    now: () => passedNs / 1e6,
    time: async (samples: readonly ProbeSample[]) =>
      samples.map((sample, i) => {
        const ns = sample.repeats * truth(i, sample);
        const seen = Math.max(0, shown(ns));
        passedNs += Math.max(ns, quantumNs > 1e6 ? quantumNs : 0) + 12_345;
        return seen / sample.repeats;
      }),
  };
}

describe.each(Object.entries(devices))('%s', (_, device) => {
  test.each(Object.entries(quanta))('with a clock of %s is measured in bearable time', async (_, quantumNs) => {
    const clock = scripted(device, quantumNs);
    const times = await timeProbes(clock, alone);
    // A step that has begun ends: after 1.5 s one more round of all probes, each at most 50 ms or a step of the clock,
    // times the growth that a step may be wrong by.
    expect(clock.passedMs()).toBeLessThan(4000);
    expect(times.every(({ ns }) => ns > 0)).toBe(true);
    if (quantumNs > 1e6) return;
    for (const [i, time] of times.entries()) {
      // A sample of ten steps, seen to the step, at its end that is nearer to the truth.
      expect(time.ns / clock.truth(i, time)).toBeGreaterThan(0.75);
      expect(time.ns / clock.truth(i, time)).toBeLessThan(1.25);
    }
  });
});
