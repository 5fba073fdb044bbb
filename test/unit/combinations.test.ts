/**
 * @file What a thinned sweep still covers, and that a full one runs everything.
 */
import { afterEach, expect, test, vi } from 'vitest';

/** The module as an ordinary or a full run sees it. */
async function combinations(full: boolean) {
  vi.resetModules();
  vi.stubEnv('WUDNN_TEST_FULL', full ? '1' : undefined);
  return import('../support/combinations.ts');
}
afterEach(() => void vi.unstubAllEnvs());

const configs = ['a', 'b', 'c'];
const shapes = [0, 1, 2, 3, 4];

test('each shape takes one configuration, and each configuration has its turn', async () => {
  const { inTurn } = await combinations(false);
  const taken = shapes.map((i) => inTurn(configs, i));
  expect(taken.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
  expect(new Set(taken.flat())).toEqual(new Set(configs));
  expect(inTurn(configs, 1, true)).toEqual(configs);
  expect(inTurn([], 1)).toEqual([]);
});

test('every n-th has its turn', async () => {
  const { hasTurn } = await combinations(false);
  expect(shapes.filter((i) => hasTurn(i, 2))).toEqual([0, 2, 4]);
  expect(shapes.filter((i) => hasTurn(i, 2, true))).toEqual(shapes);
});

test('what has not been taken comes first; then every second goes without', async () => {
  const { Turns } = await combinations(false);
  const turns = new Turns();
  const next = (all: string[], turn: number) => turns.next(all, (name) => name, turn);
  expect(shapes.map((i) => next(configs, i))).toEqual([['a'], ['b'], ['c'], [], ['a']]);
  expect(next(['a', 'b'], 0)).toEqual(['b']);
  expect(next(['d', 'e'], 1)).toEqual(['d']);
  expect(next([], 0)).toEqual([]);
  expect(turns.next(configs, (name) => name, 1, true)).toEqual(configs);
});

test('a full run takes everything', async () => {
  const { inTurn, hasTurn, Turns } = await combinations(true);
  expect(inTurn(configs, 1)).toEqual(configs);
  expect(new Turns().next(configs, (name) => name, 1)).toEqual(configs);
  expect(shapes.filter((i) => hasTurn(i, 2))).toEqual(shapes);
});
