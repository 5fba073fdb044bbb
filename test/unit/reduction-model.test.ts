/**
 * Intent: the model chooses among the kernels of a reduction by terms that say why.
 */
import { beforeAll, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { candidates } from '../../src/dnn/choice/candidates.ts';
import { estimate } from '../../src/dnn/model/estimate.ts';
import type { Plan, Problem } from '../../src/dnn/problem.ts';
import { reduceProblem } from '../../src/dnn/reduce/problem.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { limits } from '../support/limits.ts';
import { rates as fewWorkgroups } from '../support/rates.ts';

beforeAll(() => provideShaders(readShaders()));

const rates = { ...fewWorkgroups, saturation: 64 };

const plansOf = (problem: Problem): readonly Plan[] =>
  candidates(problem, { features: new Set<string>(), limits }).plans;
const planOf = (problem: Problem, algo: string): Plan => plansOf(problem).find((p) => p.algorithm.name === algo)!;
const termOf = (problem: Problem, plan: Plan, name: string): number =>
  estimate(problem, plan, rates).terms.find((t) => t.name === name)?.ms ?? 0;

/** A sum of `length` elements that lie together, for each of so many outputs. */
const summing = (outputs: number, length: number): Problem =>
  reduceProblem({
    name: 'sum',
    kept: { sizes: [outputs], strides: [length] },
    along: { sizes: [length], strides: [1] },
    offset: 0,
    dtype: 'float32',
    result: 'float32',
    asserts: false,
  });

test('a sum goes to many threads where outputs are few, by its occupancy, and to one each where they are many, by its barriers', () => {
  const best = (problem: Problem): string =>
    plansOf(problem).toSorted((a, b) => estimate(problem, a, rates).ms - estimate(problem, b, rates).ms)[0].algorithm
      .name;
  expect(best(summing(1, 1_000_000))).toBe('SPLIT');
  expect(best(summing(100_000, 16))).toBe('SERIAL');
  const few = summing(1, 1_000_000);
  const [workgroup, serial] = ['WORKGROUP', 'SERIAL'].map((name) => planOf(few, name));
  expect(termOf(few, serial, 'loads')).toBe(64 * termOf(few, workgroup, 'loads'));
  expect(termOf(few, serial, 'occupancy')).toBeGreaterThan(termOf(few, planOf(few, 'SPLIT'), 'occupancy'));
  const many = summing(100_000, 16);
  expect(termOf(many, planOf(many, 'SERIAL'), 'barriers')).toBe(0);
  expect(termOf(many, planOf(many, 'WORKGROUP'), 'barriers')).toBeGreaterThan(0);
});
