/**
 * Intent: on a real adapter, choices are right, explained, kept, and bounded by what the caller forbids; whatever goes
 * wrong in the middle has a plain outcome. Times decide nothing here, so that a busy machine does not matter.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotSupportedError } from '../../src/base/errors.ts';
import { PlanFile } from '../../src/cli/plan-file.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import type { AttentionDescriptor } from '../../src/dnn/attention/descriptor.ts';
import { attentionProblem } from '../../src/dnn/attention/problem.ts';
import { candidateId } from '../../src/dnn/choice/candidates.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import { Chooser } from '../../src/dnn/choice/choose.ts';
import { gemmDescriptor } from '../../src/dnn/gemm/descriptor.ts';
import { gemmProblem } from '../../src/dnn/gemm/problem.ts';
import type { ForcedCandidate } from '../../src/dnn/choice/records.ts';
import type { PoolDescriptor } from '../../src/dnn/pool/descriptor.ts';
import { poolProblem } from '../../src/dnn/pool/problem.ts';
import type { Problem } from '../../src/dnn/problem.ts';
import { defaultSettings } from '../../src/dnn/choice/settings.ts';
import type { Device } from '../../src/gpu/device.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { openTestDevice } from '../support/device.ts';
import { chooserOn, named, plain, seed, small, withAlgorithms } from '../support/tuner.ts';

const pool: PoolDescriptor = {
  direction: 'forward',
  mode: 'max',
  keeps: 'place',
  N: 2,
  C: 3,
  H: 12,
  W: 11,
  P: 6,
  Q: 11,
  R: 3,
  S: 3,
  strideH: 2,
  strideW: 1,
  padH: 1,
  padW: 1,
  dilationH: 1,
  dilationW: 1,
  dtype: 'float32',
};
const head = { offset: 0, outer: 0, inner: 40, row: 8, column: 1 };
const attention: AttentionDescriptor = {
  outer: 1,
  inner: 2,
  L: 5,
  S: 5,
  E: 8,
  Ev: 8,
  q: head,
  k: head,
  v: head,
  mask: 'causal',
  scale: 0.3,
  dtype: 'float32',
};

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.destroy());

describe('with benchmark on', () => {
  const onPadding: PoolDescriptor = {
    ...pool,
    keeps: 'value',
    H: 1,
    P: 2,
    Q: 12,
    R: 2,
    S: 2,
    strideH: 1,
    dilationH: 2,
  };
  const problems = [
    ['a convolution', seed],
    ['a matrix product', gemmProblem(gemmDescriptor(33, 65, 40))],
    ['a pooling that keeps places', poolProblem(pool)],
    ['a pooling with windows on nothing but padding', poolProblem(onPadding)],
    ["a pooling's gradient", poolProblem({ ...pool, direction: 'backward data' })],
    ['an attention', attentionProblem(attention)],
    [
      'a masked attention',
      attentionProblem({ ...attention, mask: 'added', maskLayout: { ...head, inner: 0, row: 5 } }),
    ],
    ['an average', poolProblem({ ...pool, mode: 'average count exclude padding', keeps: 'value' })],
  ] as const;
  test.for(problems)('%s takes a plan that was measured and verified', async ([, problem]) => {
    // What there is no time for is left out; one at least is always measured.
    const chooser = chooserOn(device, { benchmark: true, benchmarkLimit: 0, benchmarkBudgetMs: 4000 });
    const plan = await chooser.choose(problem);
    const [choice] = chooser.takeChoices();
    expect([choice.source, choice.chosen, choice.chosenConfig]).toEqual([
      'measured',
      plan.algorithm.name,
      plan.config.label,
    ]);
    expect(choice.candidates[0]).toMatchObject({ algo: choice.chosen, config: choice.chosenConfig, status: 'success' });
    for (const { status, maxError, timeMs } of choice.candidates.filter((c) => c.status === 'success')) {
      expect([status, maxError! < 2e-5, timeMs! > 0]).toEqual(['success', true, true]);
    }
    expect(device.pool.stats.buffers).toBe(0);
  });

  test('a shape that several layers share is one choice, measured once', async () => {
    const cache = new PlanCache();
    const chooser = chooserOn(device, { benchmark: true }, cache);
    await Promise.all([chooser.choose(small(9), { layer: 'conv1' }), chooser.choose(small(9), { layer: 'conv2' })]);
    const choices = chooser.takeChoices();
    expect(choices.map((c) => [c.source, c.layer])).toEqual([['measured', 'conv1, conv2']]);
    expect(cache.counts()).toMatchObject({ hits: 0, misses: 1 });
    await chooser.choose(small(9), { layer: 'conv1' });
    expect(chooser.takeChoices().map((c) => c.source)).toEqual(['cache']);
  });

  test('the next session finds the plan in the file and tunes nothing', async () => {
    const store = new PlanFile(join(mkdtempSync(join(tmpdir(), 'wudnn-plans-')), 'plans.jsonl'));
    const plan = await chooserOn(device, { benchmark: true }, new PlanCache({ store })).choose(small(10));
    const cache = new PlanCache({ store });
    const chooser = chooserOn(device, { benchmark: true }, cache);
    expect((await chooser.choose(small(10))).config.label).toBe(plan.config.label);
    const [choice] = chooser.takeChoices();
    expect(choice.source).toBe('cache');
    expect(choice.candidates.length).toBeGreaterThan(1);
    expect(cache.counts()).toMatchObject({ hits: 1, misses: 0, tuningMs: 0 });
    expect(cache.counts().savedMs).toBeGreaterThan(0);
  });

  test('a changed shader file tunes those problems anew that have a candidate which uses it, and no others', async () => {
    const sources = readShaders();
    const cache = new PlanCache();
    const sourcesOfChoices = async (): Promise<string[]> => {
      const chooser = chooserOn(device, { benchmark: true }, cache);
      await chooser.choose(small(22));
      await chooser.choose(poolProblem(pool));
      return chooser.takeChoices().map(({ source }) => source);
    };
    expect(await sourcesOfChoices()).toEqual(['measured', 'measured']);
    expect(await sourcesOfChoices()).toEqual(['cache', 'cache']);
    provideShaders({ ...sources, 'pool/2_sliding.wgsl': `${sources['pool/2_sliding.wgsl']}\n// changed` });
    try {
      expect(await sourcesOfChoices()).toEqual(['cache', 'measured']);
    } finally {
      provideShaders(sources);
    }
    expect(await sourcesOfChoices()).toEqual(['cache', 'cache']);
  });

  test('a stream of ever new shapes pays for each of them, and the account says so', async () => {
    const cache = new PlanCache();
    const chooser = chooserOn(device, { benchmark: true, benchmarkLimit: 2 }, cache);
    for (const height of [11, 12, 13]) await chooser.choose(small(height));
    const { hits, misses, tuningMs, savedMs } = cache.counts();
    expect([hits, misses, savedMs]).toEqual([0, 3, 0]);
    expect(tuningMs).toBeGreaterThan(0);
  });

  test('a limit leaves candidates untried, by name of the limit', async () => {
    const chooser = chooserOn(device, { benchmark: true, benchmarkLimit: 1 });
    await chooser.choose(seed);
    const [{ candidates }] = chooser.takeChoices();
    expect(candidates.filter((c) => c.status === 'success')).toHaveLength(1);
    expect(candidates.find((c) => c.status === 'not tried')?.reason).toMatch(/^benchmarkLimit is 1/);
  });
});

describe('with benchmark off', () => {
  test('the model ranks and explains, and nothing of the shape runs', async () => {
    const chooser = chooserOn(device);
    const plan = await chooser.choose(seed);
    const [choice] = chooser.takeChoices();
    expect([choice.source, choice.chosen]).toEqual(['heuristic', plan.algorithm.name]);
    const ranked = choice.candidates.filter((c) => c.status === 'not tried');
    expect(ranked.length).toBeGreaterThan(1);
    for (const { predictedMs, terms } of ranked)
      expect(terms!.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(predictedMs!, 9);
    expect(ranked.map((c) => c.predictedMs!)).toEqual(ranked.map((c) => c.predictedMs!).toSorted((a, b) => a - b));
  });

  test('as in PyTorch, a shape that was met so keeps its choice when benchmark is switched on', async () => {
    const settings = defaultSettings();
    const chooser = new Chooser(device, settings, new PlanCache());
    const plan = await chooser.choose(small(14));
    settings.benchmark = true;
    expect(await chooser.choose(small(14))).toBe(plan);
    expect(chooser.takeChoices().map((c) => c.source)).toEqual(['heuristic']);
  });

  test('and enabled off too, the plainest plan runs and nothing is predicted', async () => {
    const chooser = chooserOn(device, { enabled: false });
    const plan = await chooser.choose(seed);
    expect(plan.workspace).toEqual([]);
    expect(chooser.takeChoices()[0].candidates.some((c) => c.predictedMs !== undefined)).toBe(false);
  });
});

describe('what a caller forbids', () => {
  test.for([false, true])(
    "is never chosen for a pooling's gradient or an attention either, with benchmark %s",
    async (benchmark) => {
      const chooser = chooserOn(device, { benchmark, benchmarkLimit: 0, deterministic: true, workspaceLimit: 0 });
      for (const problem of [poolProblem({ ...pool, direction: 'backward data' }), attentionProblem(attention)])
        expect((await chooser.choose(problem)).algorithm).toMatchObject({ determinism: 'deterministic' });
      const reasons = chooser
        .takeChoices()
        .flatMap(({ candidates }) => candidates)
        .filter((c) => c.algo === 'SCATTER' || c.algo === 'MATH')
        .map((c) => [c.algo, c.status, c.reason]);
      expect(reasons).toContainEqual(['SCATTER', 'not supported', 'is not deterministic, and deterministic is set']);
      expect(reasons).toContainEqual(['MATH', 'not supported', 'needs 200 bytes of workspace, workspaceLimit is 0']);
    },
  );

  const hungry = named('HUNGRY', { workspace: () => [1024] });
  const atomic = named('ATOMIC', { determinism: 'non-deterministic' });
  const problem = withAlgorithms(small(15), hungry, atomic, named('PLAIN'));

  test.for([false, true])('is never chosen, with benchmark %s', async (benchmark) => {
    const chooser = chooserOn(device, { benchmark, deterministic: true, workspaceLimit: 0 });
    expect((await chooser.choose(problem)).algorithm.name).toBe('PLAIN');
    const reasons = chooser
      .takeChoices()[0]
      .candidates.filter((c) => c.status === 'not supported')
      .map((c) => c.reason);
    expect(reasons).toEqual([
      'needs 1024 bytes of workspace, workspaceLimit is 0',
      'is not deterministic, and deterministic is set',
    ]);
  });

  test('a limit below every candidate takes the one that needs least, and shows the limit', async () => {
    const chooser = chooserOn(device, { workspaceLimit: 10 });
    const plan = await chooser.choose(withAlgorithms(small(15), named('MORE', { workspace: () => [2048] }), hungry));
    expect(plan.algorithm.name).toBe('HUNGRY');
    expect(chooser.takeChoices()[0].candidates.find((c) => c.status === 'not supported')?.reason).toMatch(
      /workspaceLimit is 10/,
    );
  });

  test('no deterministic candidate is an error, not a silent exception', async () => {
    await expect(chooserOn(device, { deterministic: true }).choose(withAlgorithms(small(15), atomic))).rejects.toThrow(
      /no algorithm can run .*ATOMIC is not deterministic/,
    );
  });
});

describe('an algorithm that was asked for by name', () => {
  test('runs, and the choice says that it was forced', async () => {
    const chooser = chooserOn(device);
    expect((await chooser.choose(seed, { algo: 'DIRECT' })).algorithm.name).toBe('DIRECT');
    expect(chooser.takeChoices()[0].source).toBe('forced');
  });

  test('or fails with the reason, and never becomes another one', async () => {
    const picky = named('PICKY', { supports: () => 'needs stride 1, got 2×2' });
    await expect(chooserOn(device).choose(withAlgorithms(seed, picky, plain), { algo: 'PICKY' })).rejects.toThrow(
      NotSupportedError,
    );
    await expect(chooserOn(device).choose(withAlgorithms(seed, picky, plain), { algo: 'PICKY' })).rejects.toThrow(
      'conv2d forward by PICKY: needs stride 1, got 2×2',
    );
    await expect(chooserOn(device).choose(seed, { algo: 'WINOGARD' })).rejects.toThrow(
      /there is no algorithm 'WINOGARD'; there are .*DIRECT/,
    );
  });
});

describe('a candidate that is forced from outside of the program', () => {
  const wanted = (problem: Problem, algo: string, id: string): ForcedCandidate => ({
    operation: problem.operation,
    direction: problem.direction,
    descriptor: problem.description,
    algo,
    candidateId: id,
  });

  test('runs in place of the choice, whose candidates are all listed with their times; other problems are left alone', async () => {
    const chooser = chooserOn(device, { benchmark: true });
    const [first, second] = [named('FIRST'), named('SECOND')];
    const problem = withAlgorithms(small(16), first, second);
    const free = await chooser.choose(problem);
    const other = free.algorithm.name === 'FIRST' ? 'SECOND' : 'FIRST';
    const [{ candidates }] = chooser.takeChoices();

    const again = chooserOn(device, { benchmark: true });
    again.forced = [wanted(problem, other, candidateId({ ...free, algorithm: named(other) }))];
    expect((await again.choose(problem)).algorithm.name).toBe(other);
    await again.choose(small(17));
    const [forced, left] = again.takeChoices();
    expect(forced).toMatchObject({ chosen: other, source: 'forced' });
    expect(forced.candidates.map(({ algo }) => algo).toSorted()).toEqual(candidates.map(({ algo }) => algo).toSorted());
    // One that seemed hopeless when it first ran, on a busy machine, says so instead.
    expect(forced.candidates.filter(({ timeMs, reason }) => timeMs === undefined && reason === undefined)).toEqual([]);
    expect(left.source).toBe('measured');
  });

  test('or fails with the reason, where a switch of the program rules it out', async () => {
    const chooser = chooserOn(device, { workspaceLimit: 0 });
    const hungry = named('HUNGRY', { workspace: () => [2048] });
    const problem = withAlgorithms(small(18), plain, hungry);
    const [config] = hungry.configs(problem.desc, device);
    chooser.forced = [wanted(problem, 'HUNGRY', candidateId({ algorithm: hungry, config }))];
    await expect(chooser.choose(problem)).rejects.toThrow(
      'conv2d forward by HUNGRY: needs 2048 bytes of workspace, workspaceLimit is 0',
    );
  });

  test('gives way to an algorithm that the program names', async () => {
    const chooser = chooserOn(device);
    chooser.forced = [wanted(seed, 'GEMM', 'GEMM naive FMA')];
    expect((await chooser.choose(seed, { algo: 'DIRECT' })).algorithm.name).toBe('DIRECT');
  });
});
