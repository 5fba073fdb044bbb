/** A switch is blamed only as far as its own side's error goes away without it. */
import { expect, test } from 'vitest';
import { arithmeticText } from '../../src/compare/arithmetics.ts';
import type { ComparedTensor, ComparisonResult } from '../../src/compare/types.ts';
import type { RunSettings } from '../../src/compare/why.ts';
import { plainAlgorithms, explainDifference, localSuspects, remoteSuspects } from '../../src/compare/why.ts';
import type { AlgorithmChoice, Candidate } from '../../src/dnn/choice/records.ts';

const settings: RunSettings = {
  dtype: 'float32',
  autocast: null,
  allow_tf32: true,
  compile: true,
  benchmark: true,
  deterministic: true,
};
const a100 = { type: 'cuda', capability: '8.0' } as const;

const tensor = (localError: number, remoteError: number): ComparedTensor => ({
  name: 'y',
  shape: [1],
  maxAbsError: 0,
  relativeError: 0,
  localError,
  remoteError,
  tolerance: 2e-5,
  toleranceReason: '',
  verdict: 'differs',
});
const result = (
  localError: number,
  remoteError: number,
  suspects: ComparisonResult['suspects'] = [],
): ComparisonResult => ({
  model: 'M',
  arithmetic: 'float32',
  tensors: [tensor(localError, remoteError)],
  timings: [],
  suspects,
});

const choice = (chosen: string, mathType: Candidate['mathType']): AlgorithmChoice => ({
  operation: 'conv2d',
  direction: 'forward',
  descriptor: 'd',
  layer: 'conv1',
  candidateId: `${chosen} ${mathType}`,
  chosen,
  chosenConfig: 'F(4,3)',
  source: 'forced',
  adapter: 'a',
  software: true,
  candidates: [
    {
      candidateId: `${chosen} ${mathType}`,
      algo: chosen,
      config: 'F(4,3)',
      status: 'success',
      memory: 0,
      determinism: 'deterministic',
      mathType,
      ...(chosen.startsWith('WINOGRAD') && { spreads: 'tile' as const }),
    },
  ],
});

const changes = (suspects: ComparisonResult['suspects']): string[] =>
  suspects.map(({ change }) => Object.keys(change)[0]);

test('the switches that are on are suspected, the likeliest first', () => {
  expect(changes(remoteSuspects(settings, a100))).toEqual(['compile', 'allow_tf32', 'benchmark']);
  expect(changes(remoteSuspects({ ...settings, autocast: 'bfloat16', dtype: 'float16' }, a100)).slice(0, 2)).toEqual([
    'autocast',
    'dtype',
  ]);
  expect(remoteSuspects({ dtype: 'float32', autocast: null, allow_tf32: false, deterministic: true }, a100)).toEqual(
    [],
  );
});

test('a switch of cuDNN is not suspected where there is none, nor TF32 on a GPU that lacks it', () => {
  expect(changes(remoteSuspects(settings, { type: 'cpu' }))).toEqual(['compile']);
  expect(changes(remoteSuspects(settings, { type: 'cuda', capability: '7.0' }))).not.toContain('allow_tf32');
});

test('here the transforms are suspected, and float16', () => {
  expect(localSuspects([choice('WINOGRAD_NONFUSED', 'FMA')])).toMatchObject([
    {
      side: 'local',
      cause: expect.stringContaining('WINOGRAD_NONFUSED on this side'),
      change: { algorithms: plainAlgorithms },
    },
  ]);
  expect(changes(localSuspects([choice('DIRECT', 'HALF')]))).toEqual(['dtype']);
  expect(localSuspects([choice('DIRECT', 'FMA')])).toEqual([]);
});

test.each([
  [0, 0],
  [Infinity, Infinity],
  [1e-6, 1e-3],
])('an error of %f that is %f without a switch is not blamed on it', async (before, after) => {
  const [trial] = await explainDifference(
    result(0, before, remoteSuspects({ compile: true }, { type: 'cpu' })),
    async () => result(0, after),
  );
  expect(trial.share).toBe('not it');
});

test('an error that is infinite with a switch alone is its doing', async () => {
  const [trial] = await explainDifference(
    result(0, Infinity, remoteSuspects({ autocast: 'float16' }, { type: 'cpu' })),
    async () => result(0, 1e-3),
  );
  expect(trial.share).toBe('the cause');
});

test('each is tried alone, and told by how much its own side improves', async () => {
  const suspects = [...remoteSuspects(settings, a100), ...localSuspects([choice('WINOGRAD', 'FMA')])];
  const trials = await explainDifference(result(4e-5, 1e-3, suspects), async ({ change }) => {
    if ('allow_tf32' in change) return result(4e-5, 1e-6);
    if ('algorithms' in change) return result(1e-5, 1e-3);
    return result(0, 9e-4);
  });
  expect(trials.map(({ share }) => share)).toEqual(['not it', 'the cause', 'not it', 'a part of it']);
  expect(trials[1]).toMatchObject({ tensor: 'y', change: { allow_tf32: false }, before: 1e-3, after: 1e-6 });
  expect(trials[3]).toMatchObject({ side: 'local', before: 4e-5, after: 1e-5 });
});

test.each([
  [settings, a100, 'float32, with TF32 in convolutions and products'],
  [settings, { type: 'cuda', capability: '7.0' }, 'float32'],
  [settings, { type: 'cpu' }, 'float32'],
  [{ ...settings, autocast: 'bfloat16' }, a100, 'bfloat16, by autocast'],
  [{ dtype: 'float16' }, { type: 'cpu' }, 'float16'],
] as const)('a result says what the remote computed in, not what it was asked for (%#)', (of, device, text) => {
  expect(arithmeticText(of, device)).toBe(text);
});

test('the error that is told is that of one tensor, the one that is off the most for what is allowed to it', async () => {
  const tensors = (large: number, small: number): ComparedTensor[] => [
    { ...tensor(0, large), name: 'vague', tolerance: 1 },
    { ...tensor(0, small), name: 'sharp', tolerance: 1e-5 },
  ];
  const before = { ...result(0, 0, remoteSuspects({ compile: true }, { type: 'cpu' })), tensors: tensors(0.1, 1e-3) };
  const [trial] = await explainDifference(before, async () => ({ ...before, tensors: tensors(0.09, 1e-6) }));
  expect(trial).toMatchObject({ tensor: 'sharp', before: 1e-3, after: 1e-6, share: 'the cause' });
});

test('where every tensor is within its tolerance, the error of an output is told, however near a layer comes to its own', async () => {
  const within = (name: string, tolerance: number): ComparedTensor => ({
    ...tensor(1e-7, 1e-2),
    name,
    tolerance,
    verdict: 'within tolerance',
  });
  const comparison = (error: number): ComparisonResult => ({
    ...result(0, 0, remoteSuspects({ autocast: 'bfloat16' }, { type: 'cpu' })),
    tensors: [{ ...within('output', 4e-2), remoteError: error }],
    layers: [{ path: '1', type: 'Tanh', tensor: { ...within('1', 3e-2), remoteError: error }, local: {}, remote: {} }],
  });
  const [trial] = await explainDifference(comparison(1e-2), async () => comparison(1e-7));
  expect(trial).toMatchObject({ tensor: 'output', before: 1e-2, after: 1e-7, share: 'the cause' });
});
