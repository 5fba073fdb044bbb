/**
 * @file Intent: NaN, infinities, both zeros and the ends of float32's range go through every operation and its gradient
 * as in PyTorch, on the cpu and on every software adapter; each known difference has its reason
 * (test/ops/known-differences.ts).
 *
 * The same random sample is asked of the machine's PyTorch in every run; WUDNN_EXTREMES=all takes everything.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Generator, randperm } from '../../src/base/random.ts';
import { openAdapter } from '../../src/machine/adapters.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import type { DeviceType } from '../../src/graph/types.ts';
import type { Case } from '../ops/case.ts';
import { titleOf } from '../ops/case.ts';
import { families } from '../ops/cases/index.ts';
import type { Results } from '../ops/evaluate.ts';
import { evaluateCases } from '../ops/evaluate.ts';
import { differences, extremeCases, extremePairs, hasTiny, waysToCall } from '../ops/extremes.ts';
import { askPyTorch } from '../ops/golden.ts';
import { whyDifferent } from '../ops/known-differences.ts';
import { softwareAdapters } from '../support/device.ts';
import { describeWith } from '../support/needs.ts';

const sampleSize = 500;
/** Each case has kernels of its own, which a software adapter compiles for a second where the machine is busy. */
const timeoutMs = 15 * 60_000;
/** Cases that PyTorch is asked at a time. */
const portion = 1500;

/** Every way to call every operation, with every number in every place; pairs of numbers for one way of each. */
function everyCase(): Case[] {
  const paired = new Set<string>();
  return Object.values(families).flatMap((cases) =>
    waysToCall(cases).flatMap((c) => {
      const pairs = paired.has(c.op) ? [] : [...extremePairs(c)];
      paired.add(c.op);
      return [...extremeCases(c), ...pairs];
    }),
  );
}

function sampled(all: readonly Case[]): Case[] {
  const chance = new Generator(2026);
  return [...randperm(chance, all.length).subarray(0, sampleSize)].map((i) => all[i]);
}

async function evaluated(c: Case, device: DeviceType): Promise<Results> {
  const [results] = await evaluateCases([c], device);
  return results;
}

const adapters = await softwareAdapters();

describeWith(['python'], "the machine's own PyTorch", () => {
  let asked: readonly { c: Case; want: Results }[];
  beforeAll(async () => {
    const all = everyCase();
    const cases = process.env['WUDNN_EXTREMES'] === 'all' ? all : sampled(all);
    const answers: Results[] = [];
    for (let i = 0; i < cases.length; i += portion)
      answers.push(...(await askPyTorch(cases.slice(i, i + portion))).results);
    asked = cases.map((c, i) => ({ c, want: answers[i] })).filter(({ want }) => want.size > 0);
  }, timeoutMs);

  /** What differs without a known reason. */
  async function unexplained(device: DeviceType, cases: typeof asked): Promise<string[]> {
    const complaints: string[] = [];
    for (const { c, want } of cases) {
      const got = await evaluated(c, device).catch((error: Error) => error);
      if (got instanceof Error && got.message.includes('no shader-f16')) continue; // this adapter says that it has none
      if (got instanceof Error) complaints.push(`${titleOf(c)}: ${got.message}`);
      else
        for (const { difference, text } of differences(c, got, want))
          if (!whyDifferent(c, difference, device === 'webgpu')) complaints.push(text);
    }
    return complaints;
  }

  test('agrees with the cpu', async () => expect(await unexplained('cpu', asked)).toEqual([]), timeoutMs);

  describe.each(adapters)('and %s', (name) => {
    beforeAll(async () => {
      provideShaders(readShaders());
      await engine.start((await openAdapter(name)).gpu);
    });
    afterAll(() => engine.device?.destroy());

    // WGSL lets an adapter take denormals for 0, and what is computed of them (FEATURES.md says which do).
    test(
      'agree',
      async () =>
        expect(
          await unexplained(
            'webgpu',
            asked.filter(({ c }) => !hasTiny(c)),
          ),
        ).toEqual([]),
      timeoutMs,
    );
  });
});
