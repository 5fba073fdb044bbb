/**
 * Intent: the model's estimates follow from the launches and the rates, term by term, and what was measured corrects
 * them.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { attentionProblem } from '../../src/dnn/attention/problem.ts';
import type { ConvolutionOptions } from '../../src/dnn/api.ts';
import { convolutionDescriptor } from '../../src/dnn/api.ts';
import type { CacheEntry } from '../../src/dnn/choice/cache.ts';
import { candidateId, candidates } from '../../src/dnn/choice/candidates.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { gemmDescriptor } from '../../src/dnn/gemm/descriptor.ts';
import { gemmProblem } from '../../src/dnn/gemm/problem.ts';
import { mixed } from '../../src/dnn/choice/heuristics.ts';
import { estimate } from '../../src/dnn/model/estimate.ts';
import { learnedTerm } from '../../src/dnn/choice/verdict.ts';
import { correctionFor } from '../../src/dnn/model/history.ts';
import type { PoolDescriptor } from '../../src/dnn/pool/descriptor.ts';
import { poolProblem } from '../../src/dnn/pool/problem.ts';
import type { Plan, Problem } from '../../src/dnn/problem.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { limits } from '../support/limits.ts';
import { rates } from '../support/rates.ts';

beforeAll(() => provideShaders(readShaders()));

const cheapCarrying = { ...rates, load: Infinity, load4: Infinity };

const device = { features: new Set<string>(), limits };

const conv = (over: Partial<ConvolutionOptions> = {}): Problem =>
  convProblem(convolutionDescriptor({ x: [1, 8, 16, 16], w: [8, 8, 3, 3], padding: 1, ...over }));
const pooling = { bias: true, residual: false, activation: 'relu', pool: 'max 2x2' } as const;
const plansOf = (problem: Problem): readonly Plan[] => candidates(problem, device).plans;
const planOf = (problem: Problem, algo: string, label = ''): Plan =>
  plansOf(problem).find((p) => p.algorithm.name === algo && p.config.label.startsWith(label))!;
const termOf = (problem: Problem, plan: Plan, name: string, at = rates): number =>
  estimate(problem, plan, at).terms.find((t) => t.name === name)?.ms ?? 0;

describe('an estimate', () => {
  const product = gemmProblem(gemmDescriptor(64, 64, 100));
  const naive = planOf(product, 'NAIVE');
  const pool: PoolDescriptor = {
    direction: 'forward',
    mode: 'max',
    keeps: 'value',
    N: 1,
    C: 4,
    H: 32,
    W: 32,
    P: 32,
    Q: 32,
    R: 3,
    S: 3,
    strideH: 1,
    strideW: 1,
    padH: 1,
    padW: 1,
    dilationH: 1,
    dilationW: 1,
    dtype: 'float32',
  };

  test('is the sum of its terms, for every plan of every kind of problem', () => {
    for (const problem of [
      conv(),
      conv({ epilogue: pooling }),
      conv({ direction: 'backward data' }),
      conv({ direction: 'backward filter' }),
      product,
      poolProblem(pool),
      poolProblem({ ...pool, direction: 'backward data' }),
    ]) {
      for (const plan of plansOf(problem)) {
        const { ms, terms } = estimate(problem, plan, rates);
        expect(ms).toBeGreaterThan(0);
        expect(terms.reduce((sum, t) => sum + t.ms, 0)).toBeCloseTo(ms, 12);
      }
    }
  });

  test('counts a naive product as the definition does', () => {
    const fmas = 64 * 64 * 100;
    expect(termOf(product, naive, 'launches')).toBeCloseTo((1000 + 64 * 10) / 1e6, 9);
    expect(termOf(product, naive, 'memory')).toBeCloseTo((4 * (2 * 64 * 100 + 64 * 64)) / 8 / 1e6, 9);
    expect(termOf(product, naive, 'arithmetic')).toBeCloseTo(fmas / 10 / 1e6, 9);
    expect(termOf(product, naive, 'loads')).toBeCloseTo((2 * fmas) / 1 / 1e6, 9);
    expect(termOf(product, naive, 'barriers')).toBe(0);
  });

  test('charges a tiled kernel for its barriers, and an explicit im2col for what it moves', () => {
    expect(termOf(product, planOf(product, 'TILED'), 'barriers')).toBeGreaterThan(0);
    const columns = 8 * 9 * 16 * 16;
    expect(termOf(conv(), planOf(conv(), 'GEMM'), 'moves', cheapCarrying)).toBeCloseTo(columns / 4 / 0.5 / 1e6, 9);
  });

  test('charges a transform once for each invocation, and for the elements that each carries beyond one', () => {
    const plan = planOf(conv(), 'WINOGRAD_NONFUSED');
    const alone = termOf(conv(), plan, 'moves', cheapCarrying);
    const invocations = alone * 1e6 * rates.move;
    const carried = (termOf(conv(), plan, 'moves', { ...rates, load4: rates.load }) - alone) * 1e6 * rates.load;
    // A tile has 6×6 points: 35 of them are carried further, there and back. Outputs are fewer; the product's blocks
    // are carried too.
    expect(carried / invocations).toBeGreaterThan(40);
    expect(carried / invocations).toBeLessThan(2 * 70);
  });

  test('charges a block for storing its results, less where they go by fours', () => {
    const results = 64 * 64;
    const [register, vec4] = ['REGISTER', 'VEC4'].map((name) => planOf(product, name));
    // Blocks of 16×8; sixteen invocations side by side would fill 128 columns.
    const invocations = (2 * results) / (16 * 8);
    expect(termOf(product, register, 'moves')).toBeCloseTo((2 * (results - invocations)) / rates.load / 1e6, 9);
    expect(termOf(product, vec4, 'moves')).toBeCloseTo((2 * (results - invocations)) / rates.load4 / 1e6, 9);
    expect(termOf(product, naive, 'moves')).toBe(0);
    expect(termOf(product, vec4, 'loads')).toBeLessThan(termOf(product, register, 'loads'));
  });

  test('lets invocations that have no result run along with those that have one, and no others', () => {
    const dot = gemmProblem(gemmDescriptor(1, 1, 1000));
    expect(termOf(dot, planOf(dot, 'NAIVE'), 'arithmetic')).toBeCloseTo((rates.lanes * 1000) / 10 / 1e6, 9);
  });

  test('takes an algorithm at its word about what it reads: a sliding window reads less than a product that gathers', () => {
    const wide = conv({ x: [1, 16, 64, 64], w: [16, 16, 5, 5], padding: 2 });
    expect(termOf(wide, planOf(wide, 'DIRECT', 'sliding'), 'loads')).toBeLessThan(
      termOf(wide, planOf(wide, 'IMPLICIT_GEMM'), 'loads'),
    );
  });

  test("counts a depthwise filter's gradient by what slides past, and by its sums where they meet", () => {
    const depthwise = conv({ x: [1, 8, 16, 16], w: [8, 1, 3, 3], groups: 8, direction: 'backward filter' });
    const of = (label: string, name: string): number => termOf(depthwise, planOf(depthwise, 'ALGO_1', label), name);
    expect(of('a row of taps', 'loads')).toBeLessThan(of('one element', 'loads'));
    expect(of('a row of taps', 'barriers')).toBe(0);
    // 8 filters in 16 parts, one for each row of the output, by 64 invocations: each passes one barrier.
    expect(of('a filter', 'barriers')).toBeCloseTo((8 * 16 * 64) / 2 / 1e6, 9);
  });

  test('charges a patch of x for one pair of barriers where tiles of columns have one for every tap', () => {
    const barriers = (algo: string, label: string): number => termOf(conv(), planOf(conv(), algo, label), 'barriers');
    // 8 channels, 4 at a time: 2 pairs; the tiles hold 8 channels of one tap: 9 pairs. Both have 64 invocations for 64
    // pixels × 64 filters.
    expect(barriers('IMPLICIT_GEMM', '64×64 a workgroup')).toBeCloseTo((9 * 2 * 64 * 4) / 2 / 1e6, 9);
    expect(barriers('DIRECT', '16 filters × 8×32 outputs')).toBeCloseTo((2 * 2 * 64 * 2) / 2 / 1e6, 9);
  });

  test('charges a scatter for each of its additions, be it made by places or by tiles', () => {
    const data = conv({ direction: 'backward data' });
    for (const label of ['scatter', 'scatter, 64×64'])
      expect(termOf(data, planOf(data, 'ALGO_0', label), 'moves')).toBeGreaterThan((8 * 9 * 16 * 16) / 0.5 / 1e6);
    expect(termOf(data, planOf(data, 'ALGO_0', 'scatter, 64×64'), 'barriers')).toBeCloseTo(
      (2 * 64 * (2 * 4)) / 2 / 1e6,
      9,
    );
  });

  test('lets a block read less, and pays for the part of a block that reaches over the edge', () => {
    const wide = planOf(product, 'REGISTER');
    expect(termOf(product, wide, 'loads')).toBeLessThan(termOf(product, naive, 'loads') / 4);
    const thin = gemmProblem(gemmDescriptor(1, 64 * 64, 100));
    expect(termOf(thin, planOf(thin, 'REGISTER'), 'arithmetic')).toBeGreaterThan(
      7 * termOf(thin, planOf(thin, 'NAIVE'), 'arithmetic'),
    );
  });

  test('multiplies a tile along the sum in full, however short the sum is', () => {
    const [short, long] = [3, 8].map((depth) => gemmProblem(gemmDescriptor(64, 64, depth)));
    for (const term of ['arithmetic', 'loads', 'barriers'])
      expect(termOf(short, planOf(short, 'SHARED'), term)).toBeCloseTo(termOf(long, planOf(long, 'SHARED'), term), 9);
  });

  test('knows that atomics split a sum, and charges each of them as a place', () => {
    const filter = conv({ x: [1, 8, 16, 16], w: [16, 8, 3, 3], direction: 'backward filter' });
    const [stored, atomic] = [planOf(filter, 'ALGO_1', '16×8'), planOf(filter, 'ALGO_0', '16×8')];
    expect(termOf(filter, atomic, 'arithmetic')).toBeCloseTo(termOf(filter, stored, 'arithmetic'), 9);
    const sums = (1e6 * 0.5 * termOf(filter, atomic, 'moves', { ...rates, load: Infinity })) / (16 * 8 * 9);
    expect(sums).toBeGreaterThan(1);
    expect(sums % 1).toBeCloseTo(0, 9);
  });

  test('takes the word of a kernel that is no product for what it reads', () => {
    const problem = poolProblem(pool);
    const outputs = 4 * 32 * 32;
    expect(termOf(problem, planOf(problem, 'DIRECT', 'one'), 'loads')).toBeCloseTo((outputs * 9) / 1e6, 9);
    expect(termOf(problem, planOf(problem, 'SLIDING'), 'loads')).toBeCloseTo((outputs * 18) / 4 / 1e6, 9);
    expect(termOf(problem, planOf(problem, 'DIRECT', 'four'), 'moves')).toBeCloseTo(
      (outputs / 4 / 0.5 + 2 * (outputs - outputs / 4)) / 1e6,
      9,
    );
  });

  test("asks a maximum's place at every window over an element, and its bounds; zeros are no places", () => {
    const problem = poolProblem({ ...pool, direction: 'backward data', mode: 'max', keeps: 'place' });
    const elements = 4 * 32 * 32;
    expect(termOf(problem, planOf(problem, 'GATHER'), 'loads')).toBeCloseTo((5 * elements * 9 * 2) / 1e6, 9);
    expect(termOf(problem, planOf(problem, 'SCATTER'), 'moves')).toBeCloseTo((elements / 0.5 + elements) / 1e6, 9);
  });

  test('adds up what attention is made of: two products, exponentials, and what a fused kernel does for each pair', () => {
    const head = { offset: 0, outer: 0, inner: 0, row: 16, column: 1 };
    const problem = attentionProblem({
      outer: 1,
      inner: 1,
      L: 64,
      S: 64,
      E: 16,
      Ev: 16,
      q: head,
      k: head,
      v: head,
      mask: 'none',
      scale: 1,
      dtype: 'float32',
    });
    const pairs = 64 * 64;
    const [math, efficient] = ['MATH', 'EFFICIENT_ATTENTION'].map((name) => planOf(problem, name));
    expect(termOf(problem, math, 'exponentials')).toBeCloseTo((2 * pairs) / rates.exponential / 1e6, 9);
    // Blocks of 16×8 by 16 invocations: the scores' 64 columns fill half of a tile's 128, the values' 16 an eighth.
    expect(termOf(problem, math, 'arithmetic')).toBeCloseTo((64 * 128 * 16 + 64 * 128 * 64) / 10 / 1e6, 9);
    expect(termOf(problem, efficient, 'exponentials')).toBeCloseTo(pairs / rates.exponential / 1e6, 9);
    expect(termOf(problem, efficient, 'loads')).toBeCloseTo((pairs * (2 * 16 + 3 * 16)) / rates.load4 / 1e6, 9);
  });

  test('lets a tile of queries that is not full work as if it were', () => {
    const head = { offset: 0, outer: 0, inner: 0, row: 16, column: 1 };
    const of = (L: number) =>
      attentionProblem({
        outer: 1,
        inner: 1,
        L,
        S: 64,
        E: 16,
        Ev: 16,
        q: head,
        k: head,
        v: head,
        mask: 'none',
        scale: 1,
        dtype: 'float32',
      });
    expect(termOf(of(1), planOf(of(1), 'FLASH_ATTENTION', '16 queries'), 'loads')).toBeCloseTo(
      termOf(of(16), planOf(of(16), 'FLASH_ATTENTION', '16 queries'), 'loads'),
      12,
    );
  });

  test('counts an unfused pool as the convolution and the pool, each by itself', () => {
    const [group, plain] = [conv({ epilogue: pooling }), conv({ epilogue: { ...pooling, pool: undefined } })];
    const halves: PoolDescriptor = {
      ...pool,
      C: 8,
      H: 16,
      W: 16,
      P: 8,
      Q: 8,
      R: 2,
      S: 2,
      strideH: 2,
      strideW: 2,
      padH: 0,
      padW: 0,
    };
    const last = poolProblem(halves);
    const { ms } = estimate(last, plansOf(last)[0], rates);
    for (const plan of plansOf(plain)) {
      const unfused = plansOf(group).find(
        ({ algorithm, config }) =>
          algorithm.name === plan.algorithm.name &&
          config.label === [plan.config.label, 'pool unfused'].filter(Boolean).join(', '),
      )!;
      expect(estimate(group, unfused, rates).ms).toBeCloseTo(estimate(plain, plan, rates).ms + ms, 12);
      expect(termOf(group, unfused, 'pool2d memory')).toBeCloseTo((4 * 8 * (16 * 16 + 8 * 8)) / 8 / 1e6, 12);
    }
    const fused = planOf(group, 'WINOGRAD');
    expect(estimate(group, fused, rates).ms).toBeLessThan(
      estimate(group, planOf(group, 'WINOGRAD', `${fused.config.label}, pool unfused`), rates).ms,
    );
  });

  test('sees that a small problem does not fill a large device', () => {
    expect(termOf(product, naive, 'occupancy')).toBe(0);
    const large = { ...rates, saturation: 640 };
    const { ms } = estimate(product, naive, rates);
    expect(termOf(product, naive, 'occupancy', large)).toBeGreaterThan(
      8 * (ms - termOf(product, naive, 'launches') - termOf(product, naive, 'memory')),
    );
  });
});

describe('history', () => {
  const problem = conv();

  /** A problem that was measured: every plan so many times slower than the model says. */
  function measured(of: Problem, slower: (plan: Plan) => number, samples = 5): CacheEntry {
    const records = plansOf(of).map((plan) => {
      const { ms, terms } = estimate(of, plan, rates);
      return {
        candidateId: candidateId(plan),
        algo: plan.algorithm.name,
        config: plan.config.label,
        status: 'success',
        memory: 0,
        determinism: 'deterministic',
        mathType: 'FMA',
        samples,
        timeMs: ms * slower(plan),
        predictedMs: ms,
        terms: [...terms, { name: learnedTerm, ms: 99, detail: '' }],
      } as const;
    });
    const choice = {
      operation: of.operation,
      direction: of.direction,
      descriptor: '',
      candidateId: '',
      chosen: '',
      chosenConfig: '',
      source: 'measured',
      adapter: 'a',
      software: true,
      candidates: records,
    } as const;
    return { key: `${of.key} | `, choice, tuningMs: 1, gainMs: 0, measured: 1, used: 1 };
  }
  const nameOf = (algo: string): string => candidateId(planOf(problem, algo));
  const gemmIsSlow = (plan: Plan): number => (plan.algorithm.name === 'GEMM' ? 10 : 1);

  test('of the same problem is believed, plan by plan', () => {
    const { factor, problems } = correctionFor(problem, 'a', [measured(problem, gemmIsSlow)]);
    expect(problems).toBe(1);
    expect(factor(nameOf('GEMM')) / factor(nameOf('DIRECT'))).toBeGreaterThan(8);
  });

  test('of a distant problem counts for little, of another adapter or direction or of single samples for nothing', () => {
    const far = conv({ x: [32, 256, 128, 128], w: [256, 256, 3, 3] });
    const { factor } = correctionFor(problem, 'a', [measured(far, gemmIsSlow)]);
    expect(factor(nameOf('GEMM')) / factor(nameOf('DIRECT'))).toBeLessThan(1.5);
    expect(correctionFor(problem, 'b', [measured(problem, gemmIsSlow)]).problems).toBe(0);
    expect(correctionFor(conv({ direction: 'backward data' }), 'a', [measured(problem, gemmIsSlow)]).problems).toBe(0);
    expect(correctionFor(problem, 'a', [measured(problem, gemmIsSlow, 1)]).factor(nameOf('GEMM'))).toBe(1);
  });

  test('of one like problem moves a plan a little, of several much', () => {
    const like = [22, 23, 24, 25, 26].map((height) => conv({ x: [1, 8, height, 16] }));
    const spread = (entries: readonly CacheEntry[]): number => {
      const { factor } = correctionFor(problem, 'a', entries);
      return factor(nameOf('GEMM')) / factor(nameOf('DIRECT'));
    };
    const [one, five] = [spread([measured(like[0], gemmIsSlow)]), spread(like.map((of) => measured(of, gemmIsSlow)))];
    expect(one).toBeLessThan(5); // of 10
    expect(five).toBeGreaterThan(1.3 * one);
    const far = conv({ x: [4, 8, 32, 32], w: [64, 8, 3, 3] });
    expect(spread([measured(far, gemmIsSlow)])).toBeLessThan(1.1);
  });

  test('of a machine that was slow that day says nothing about one plan among others', () => {
    const slowDay = correctionFor(problem, 'a', [measured(problem, () => 3)]);
    expect(slowDay.factor(nameOf('GEMM')) / slowDay.factor(nameOf('DIRECT'))).toBeCloseTo(1, 6);
  });

  test('leaves a plan that was never measured where it stands among the others', () => {
    const { factor } = correctionFor(problem, 'a', [measured(problem, () => 4)]);
    expect(factor('NEW')).toBeCloseTo(4, 6);
  });
});

test('the order of trying does not fill the list with one algorithm', () => {
  const row = (name: string, predictedMs: number) => ({
    plan: { ...plansOf(conv())[0], algorithm: { ...plansOf(conv())[0].algorithm, name } },
    predictedMs,
  });
  const order = mixed([row('A', 1), row('A', 1.01), row('A', 1.02), row('B', 1.2), row('C', 50)]);
  expect(order.map(({ plan }) => plan.algorithm.name)).toEqual(['A', 'B', 'A', 'A', 'C']);
});
