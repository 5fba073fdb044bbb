/**
 * Intent: the difference between two graphs follows from numbers and parts of their nodes alone: nothing is marked that
 * stayed, everything else is marked and told in words once, and nodes that are gone still have their place.
 */
import { expect, test } from 'vitest';
import type { GraphNode } from '../../src/compile/compilation.ts';
import { differenceOf, summaryOf } from '../../src/playground/panes/graph/changes.ts';
import type { Difference } from '../../src/playground/panes/graph/changes.ts';
import { draw } from '../../src/playground/panes/graph/drawing.ts';

const node = (
  id: number,
  name: string,
  inputs: readonly number[],
  { parts = [id], ...more }: Partial<GraphNode> = {},
): GraphNode => ({
  id,
  kind: 'computed',
  name,
  shape: [2],
  dtype: 'float32',
  inputs,
  parts,
  lines: [id],
  flops: 0,
  isTarget: false,
  ...more,
});
const x = node(0, 'data', [], { kind: 'input' });
const w = node(1, 'assign', [], { kind: 'weight' });
const conv = node(2, 'conv2d', [0, 1], { layer: 'Net.conv1 (Conv2d)' });
const relu = node(3, 'relu', [2]);
const sum = node(4, 'sum', [3], { isTarget: true });
const recorded = [x, w, conv, relu, sum];

const marks = ({ changes }: Difference): unknown[] => [...changes].toSorted(([a], [b]) => a - b);
const texts = ({ entries }: Difference): string[] => entries.map(({ text }) => text);

test('a graph that stayed has no changes', () => {
  const same = differenceOf(recorded, recorded);
  expect([marks(same), same.entries, same.graph]).toEqual([[], [], recorded]);
  expect(summaryOf(same)).toBe('This pass left every node as it was.');
});

test('operations that became one: the result is changed, what it was made of removed, and its reader is as it was', () => {
  const fused = node(8, 'conv2d+relu', [0, 1], { parts: [2, 3] });
  const fusing = differenceOf(recorded, [x, w, fused, { ...sum, inputs: [8] }]);
  expect(marks(fusing)).toEqual([
    [2, 'removed'],
    [3, 'removed'],
    [8, 'changed'],
  ]);
  expect(texts(fusing)).toEqual(['conv2d in conv1 and relu became one node: conv2d + relu']);
  expect(fusing.entries[0].nodes).toEqual([8, 2, 3]);
  expect(summaryOf(fusing)).toBe('2 nodes removed and 1 node changed.');
});

test('a norm folded into filters brings new nodes beside the convolution', () => {
  const norm = node(5, 'normalized', [2, 1], { layer: 'Net.bn (BatchNorm2d)' });
  const before = [x, w, conv, norm];
  const filters = node(9, 'normalized', [1], { parts: [5] });
  const folded = node(10, 'conv2d+normalized', [0, 9], { parts: [2, 5] });
  const folding = differenceOf(before, [x, w, filters, folded]);
  expect(marks(folding)).toEqual([
    [2, 'removed'],
    [5, 'removed'],
    [9, 'added'],
    [10, 'changed'],
  ]);
  expect(texts(folding)).toEqual([
    'conv2d in conv1 and normalized in bn became one node: conv2d + normalized, with 1 new node beside it',
  ]);
});

test('an operation that became several is told with their names', () => {
  const loss = node(5, 'crossEntropy', [3]);
  const steps = [node(6, 'max', [3], { parts: [5] }), node(7, 'sub', [3, 6], { parts: [5] })];
  const simpler = differenceOf([x, w, conv, relu, loss], [x, w, conv, relu, ...steps]);
  expect(texts(simpler)).toEqual(['crossEntropy became 2 nodes: max and sub']);
  expect(marks(simpler)).toEqual([
    [5, 'removed'],
    [6, 'added'],
    [7, 'changed'],
  ]);
});

test('what was computed twice: readers tell what stands in for the one that is gone; without readers nobody can', () => {
  const twin = node(5, 'relu', [2]);
  const add = node(6, 'add', [3, 5], { isTarget: true });
  const shared = differenceOf(
    [x, w, conv, relu, twin, add],
    [x, w, conv, relu, { ...add, inputs: [3, 7] }, node(7, 'neg', [3])],
  );
  expect(texts(shared)).toContain('relu is gone: what read it reads neg instead');
  expect(texts(differenceOf([...recorded, twin], recorded))).toEqual(['relu is gone']);
});

test('a value that is computed again is new, and says of which it is the copy', () => {
  const again = node(7, 'relu', [2], { parts: [3] });
  const later = differenceOf(recorded, [x, w, conv, relu, again, { ...sum, inputs: [7] }]);
  expect(texts(later)).toEqual(['relu is new: it computes the same once more', 'sum reads other nodes than before']);
});

test('nodes that come to share a kernel are changed, and those that shared one before are not', () => {
  const grouped = recorded.map((one) => (one.id >= 3 ? { ...one, group: 4 } : one));
  const together = differenceOf(recorded, grouped);
  expect(marks(together)).toEqual([
    [3, 'changed'],
    [4, 'changed'],
  ]);
  expect(texts(together)).toEqual(['relu and sum share one kernel now']);
  expect(differenceOf(grouped, grouped).changes.size).toBe(0);
});

test('alike changes stand once, with how often', () => {
  const blocks = [0, 1, 2].map((i) => [node(10 + 2 * i, 'conv2d', [0]), node(11 + 2 * i, 'relu', [10 + 2 * i])]);
  const after = blocks.map(([one, two], i) => node(30 + i, 'conv2d+relu', [0], { parts: [one.id, two.id] }));
  const many = differenceOf([x, ...blocks.flat()], [x, ...after]);
  expect(texts(many)).toEqual(['conv2d and relu became one node: conv2d + relu, 3 times']);
  expect(many.entries[0].nodes).toHaveLength(9);
});

test('the drawing has what is gone where it was, with its edges, beside what came', () => {
  const fused = node(8, 'conv2d+relu', [0, 1], { parts: [2, 3] });
  const { graph } = differenceOf(recorded, [x, w, fused, { ...sum, inputs: [8] }]);
  expect(graph.map(({ id }) => id)).toEqual([0, 1, 2, 3, 8, 4]);
  const options = { leaves: true, views: false, byLayer: false, open: new Set<string>() };
  const { boxes, edges } = draw({ graph, isLast: true }, { recorded, unfused: [] }, options);
  expect(boxes.map(({ key, nodes }) => [key, ...nodes])).toContainEqual(['fused 8', 8]);
  const arrows = edges.map(({ from, to }) => `${from} > ${to}`);
  expect(arrows).toEqual(expect.arrayContaining(['node 2 > node 3', 'node 0 > node 2', 'fused 8 > node 4']));
  expect(new Set(boxes.map(({ key }) => key)).size).toBe(boxes.length);
});
