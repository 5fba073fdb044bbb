/**
 * @file Intent: every operation, and its gradient, gives PyTorch's numbers, on the cpu reference and on the GPU.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provideShaders } from '../../src/gpu/linker.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import type { DeviceType } from '../../src/graph/types.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { describeWith } from '../support/needs.ts';
import type { Case } from '../ops/case.ts';
import { titleOf } from '../ops/case.ts';
import { families } from '../ops/cases/index.ts';
import { evaluateCases } from '../ops/evaluate.ts';
import { readGoldens } from '../ops/golden.ts';
import type { Judgement } from '../ops/judge.ts';
import { judge } from '../ops/judge.ts';

const tally = { cases: 0, compared: 0, errors: {} as Record<string, number> };

function compareFamilies(device: DeviceType): void {
  describe.each(Object.entries(families))('%s', (family, cases) => {
    let goldens: ReturnType<typeof readGoldens>;
    beforeAll(() => {
      goldens = readGoldens(family, cases);
    });
    test.each([...new Set(cases.map((c) => c.op))])('%s', async (operation) => {
      const these = cases.filter((c) => c.op === operation && runsOn(c, device));
      const results = await evaluateCases(these, device);
      const judgements = these.map((c, i) => judge(c, results[i], goldens.get(titleOf(c))!));
      judgements.forEach(count);
      expect(judgements.flatMap((j) => j.complaints)).toEqual([]);
    });
  });
}

/** A device without float16 leaves the cases of float16 out; the tally shows how many are left. */
const runsOn = (c: Case, device: DeviceType): boolean => device === 'cpu' || Object.values(c.inputs).every((x) => x.dtype !== 'float16') || engine.device!.features.has('shader-f16');

function count({ compared, errors }: Judgement): void {
  tally.cases++;
  tally.compared += compared;
  for (const [dtype, error] of Object.entries(errors)) tally.errors[dtype] = Math.max(tally.errors[dtype] ?? 0, error);
}

function report(where: string): void {
  const errors = Object.entries(tally.errors).map(([dtype, error]) => `${dtype} ${error.toPrecision(2)}`);
  console.log(`${where}: ${tally.cases} cases, ${tally.compared} tensors; largest errors in units in the last place: ${errors.join(', ')}`);
  Object.assign(tally, { cases: 0, compared: 0, errors: {} });
}

describe('the cpu reference', () => {
  compareFamilies('cpu');
  afterAll(() => report('cpu'));
});

describeWith(['adapter'], 'the GPU', () => {
  beforeAll(async () => {
    provideShaders(readShaders());
    const { gpu } = await openTestAdapter();
    await engine.start(gpu);
  });
  compareFamilies('webgpu');
  afterAll(() => {
    report(engine.device!.adapter.description);
    engine.device!.destroy();
  });
});
