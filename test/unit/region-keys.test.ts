/**
 * @file Keys of regions that are compared with the last ones are those that are written down: whatever a schedule
 * depends on tells two apart.
 */
import { expect, test } from 'vitest';
import { RegionKeys } from '../../src/compile/region-keys.ts';
import { collectRegion, scheduleKey } from '../../src/compile/region.ts';
import * as e from '../../src/graph/expr.ts';
import { full } from '../../src/graph/ops/full.ts';
import { leaf } from '../../src/graph/record.ts';
import { recordingWith } from '../../src/graph/recording.ts';
import type { Node } from '../../src/graph/types.ts';

const given = (shape: readonly number[], dtype: 'float32' | 'int32' = 'float32', requiresGrad = false): Node =>
  leaf({ shape, dtype }, 'cpu', new Float32Array(shape.reduce((a, b) => a * b, 1)), requiresGrad);
const compiled = (body: () => Node): Node => recordingWith({ compiled: true }, body);

/** Graphs that differ in one thing each. */
const graphs: Record<string, () => readonly Node[]> = {
  'a sum': () => [e.add(given([2]), given([2]))],
  'of another shape': () => [e.add(given([3]), given([3]))],
  'of another dtype': () => [e.add(given([2], 'int32'), given([2], 'int32'))],
  'of one leaf twice': () => {
    const x = given([2]);
    return [e.add(x, x)];
  },
  'another operation': () => [e.mul(given([2]), given([2]))],
  'a constant': () => [e.add(given([2]), full([2], 'float32', 1, 'cpu'))],
  'another constant': () => [e.add(given([2]), full([2], 'float32', 2, 'cpu'))],
  compiled: () => [compiled(() => e.add(given([2]), given([2])))],
  'compiled with gradients': () => [compiled(() => e.add(given([2], 'float32', true), given([2])))],
  'compiled with measured algorithms': () => [
    recordingWith({ compiled: 'max-autotune' }, () => e.add(given([2]), given([2]))),
  ],
  'two targets': () => {
    const x = e.add(given([2]), given([2]));
    return [e.neg(x), x];
  },
  'the same in the other order': () => {
    const x = e.add(given([2]), given([2]));
    return [x, e.neg(x)];
  },
  'one of two targets': () => [e.neg(e.add(given([2]), given([2])))],
  'operands exchanged': () => {
    const [a, b] = [given([2]), given([2])];
    return [e.sub(e.sub(a, b), a)];
  },
  'operands in place': () => {
    const [a, b] = [given([2]), given([2])];
    return [e.sub(e.sub(a, b), b)];
  },
};

test('a region is told from all others, and known again, in any order', () => {
  const keys = new RegionKeys();
  const known = new Map<string, string>();
  const names = Object.keys(graphs);
  for (const name of [...names, ...names.toReversed(), ...names.filter((_, i) => i % 2 === 0)]) {
    const targets = graphs[name]();
    const region = collectRegion(targets);
    const { key } = keys.of(region, targets, 'settings');
    expect(key).toBe(`settings\n${scheduleKey(region, targets)}`);
    expect(known.get(name) ?? key).toBe(key);
    known.set(name, key);
  }
  expect(new Set(known.values()).size).toBe(names.length);
});

test('settings tell regions apart, and what has been computed is a leaf', () => {
  const keys = new RegionKeys();
  const keyOf = (targets: readonly Node[], settings: string): string =>
    keys.of(collectRegion(targets), targets, settings).key;
  const [sum] = graphs['a sum']();
  const target = e.neg(sum);
  const [first, other] = [keyOf([target], 'a'), keyOf([target], 'b')];
  expect(first).not.toBe(other);
  sum.value = { host: new Float32Array(2) };
  expect(keyOf([target], 'a')).not.toBe(first);
});
