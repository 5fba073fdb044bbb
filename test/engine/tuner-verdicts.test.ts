/**
 * Intent: on real adapters too, no figure that is shown of a measurement contradicts what was decided, however short
 * the budget is. Times decide nothing here: a busy machine leaves more choices undecided, and they must say so.
 */
import { expect, test } from 'vitest';
import { convolutionDescriptor } from '../../src/dnn/api.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import { Chooser } from '../../src/dnn/choice/choose.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { gemmDescriptor } from '../../src/dnn/gemm/descriptor.ts';
import { gemmProblem } from '../../src/dnn/gemm/problem.ts';
import { defaultSettings } from '../../src/dnn/choice/settings.ts';
import { full } from '../support/combinations.ts';
import { contradictions } from '../support/contradictions.ts';
import { openTestDevice, softwareAdapters } from '../support/device.ts';

const problems = [
  convProblem(convolutionDescriptor({ x: [4, 3, 32, 32], w: [16, 3, 3, 3], padding: 1 })),
  convProblem(convolutionDescriptor({ x: [1, 4, 13, 9], w: [8, 4, 3, 3], padding: 1, direction: 'backward filter' })),
  gemmProblem(gemmDescriptor(64, 96, 80)),
];

const budgets = [300, 1000, 4000];

test.for([...(await softwareAdapters()).entries()])('on %s: %s', async ([adapter, name]) => {
  const device = await openTestDevice(name);
  try {
    for (const [b, budgetMs] of budgets.entries()) {
      const chooser = new Chooser(
        device,
        { ...defaultSettings(), benchmark: true, benchmarkLimit: 0 },
        new PlanCache(),
      );
      chooser.settings.benchmarkBudgetMs = budgetMs;
      // Each problem meets each budget on one adapter, and each budget meets each adapter.
      const taken = problems.filter((_, p) => full || (p + b + adapter) % budgets.length === 0);
      for (const problem of taken) await chooser.choose(problem);
      for (const choice of chooser.takeChoices())
        expect(contradictions(choice), `${choice.descriptor} in ${budgetMs} ms`).toEqual([]);
    }
  } finally {
    device.destroy();
  }
});
