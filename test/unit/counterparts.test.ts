/**
 * Intent: one selection lights the same things whichever pane it came from: a kernel its nodes, layers and lines; each
 * of these the kernel.
 */
import { expect, test } from 'vitest';
import type { Compilation, GraphNode, KernelRecord } from '../../src/compile/compilation.ts';
import { isWithin, layerPath, highlightOf } from '../../src/playground/counterparts.ts';
import type { Selection } from '../../src/playground/selection.ts';
import { kernelRecord } from '../support/kernel-record.ts';

const node = (
  id: number,
  layer: string | undefined,
  line: number,
  kind: GraphNode['kind'] = 'computed',
): GraphNode => ({
  id,
  kind,
  name: 'relu',
  shape: [1],
  dtype: 'float32',
  inputs: [],
  parts: [id],
  lines: [line],
  ...(layer !== undefined && { layer }),
  flops: 0,
  isTarget: false,
});
const kernel = (name: string, nodes: readonly number[]): KernelRecord => kernelRecord(nodes, { name });
const schedule = (recorded: readonly GraphNode[], kernels: readonly KernelRecord[]): Compilation => ({
  recorded,
  passes: [],
  kernels,
  unfused: [],
  memory: { intermediates: 0, shared: 0, results: 0 },
});
const schedules = [
  schedule(
    [node(0, undefined, 3, 'weight'), node(1, 'Net.conv1 (Conv2d)', 5), node(2, 'Net.conv10 (Conv2d)', 6)],
    [kernel('conv2d/direct', [0, 1]), kernel('pointwise relu', [2])],
  ),
  schedule([node(0, 'Net.conv1 (Conv2d), backward', 8)], [kernel('conv2d/direct', [0])]),
];

/** What is lit, as lists. */
const litOf = (kind: Selection['kind'], name: string) => {
  const { kernels, nodes, layers, lines } = highlightOf({ kind, name }, { schedules });
  return { kernels: [...kernels], nodes: [...nodes], layers: [...layers], lines: [...lines] };
};

test('a kernel lights whatever runs it, but of its operands neither layer nor line', () => {
  expect(litOf('kernel', 'conv2d/direct')).toEqual({
    kernels: ['0:0', '1:0'],
    nodes: ['0:0', '0:1', '1:0'],
    layers: ['conv1'],
    lines: [5, 8],
  });
});

test('a node, a layer and a line light the kernel back', () => {
  expect(litOf('node', '0:1').kernels).toEqual(['0:0']);
  expect(litOf('layer', 'conv1')).toEqual({
    kernels: ['0:0', '1:0'],
    nodes: ['0:1', '1:0'],
    layers: ['conv1'],
    lines: [5, 8],
  });
  expect(litOf('line', '6').kernels).toEqual(['0:1']);
  expect(litOf('line', '99')).toEqual({ kernels: [], nodes: [], layers: [], lines: [99] });
  expect(litOf('node', 'nonsense').kernels).toEqual([]);
});

test('layers are named as choices name them, and contain what is within them', () => {
  expect(
    ['Net', 'Net.conv1 (Conv2d)', 'Net.features.0 (Conv2d), backward', 'Optimizer.step#SGD.step'].map(layerPath),
  ).toEqual(['Net', 'conv1', 'features.0', 'Optimizer.step#SGD.step']);
  expect(isWithin('Net.features.0 (Conv2d)', 'features')).toBe(true);
  expect(isWithin('Net.features.0 (Conv2d)', 'Net')).toBe(true);
  expect(isWithin('Net.conv10 (Conv2d)', 'conv1')).toBe(false);
});
