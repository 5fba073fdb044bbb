/** A switch is blamed only where the difference goes away without it. */
import { expect, test } from 'vitest';
import type { ComparedTensor } from '../../src/compare/types.ts';
import type { RunSettings } from '../../src/compare/why.ts';
import { explainDifference, suspectsOf } from '../../src/compare/why.ts';

const tensor = (remoteError: number): ComparedTensor => ({
  name: 'y', shape: [1], maxAbsError: remoteError, relativeError: remoteError, localError: 0, remoteError, tolerance: 2e-5, toleranceReason: '', verdict: 'differs',
});
const settings: RunSettings = { dtype: 'float32', autocast: null, allow_tf32: true, compile: true, benchmark: true, deterministic: true };

test('the switches that are on are suspected, the likeliest first', () => {
  expect(suspectsOf(settings).map(({ change }) => Object.keys(change)[0])).toEqual(['allow_tf32', 'compile', 'benchmark']);
  expect(suspectsOf({ dtype: 'float32', autocast: null, allow_tf32: false, deterministic: true })).toEqual([]);
});

test('the one without which the error is gone is the cause', async () => {
  const tried: string[] = [];
  const causes = await explainDifference([tensor(1e-3)], settings, async (change) => {
    tried.push(Object.keys(change)[0]);
    return [tensor('allow_tf32' in change ? 1e-6 : 9e-4)];
  });
  expect(tried).toEqual(['allow_tf32', 'compile', 'benchmark']);
  expect(causes).toEqual([{ cause: expect.stringContaining('TF32'), change: { allow_tf32: false }, before: 1e-3, after: 1e-6 }]);
});

test('where no switch helps, none is blamed', async () => {
  expect(await explainDifference([tensor(1)], settings, async () => [tensor(1)])).toEqual([]);
});
