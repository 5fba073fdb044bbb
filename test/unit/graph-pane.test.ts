/**
 * Intent: the graph pane draws what a run's record says and nothing else: each node in one box, each dependence as an
 * edge between boxes, each pair that is not fused on an edge; whatever is opened, folded or left out.
 */
import { expect, test } from 'vitest';
import type { Compilation, GraphNode, KernelRecord, PassRecord } from '../../src/compile/compilation.ts';
import type { KernelFigures } from '../../src/playground/kernel-figures.ts';
import { boxFigures, scheduleMs } from '../../src/playground/panes/graph/box-figures.ts';
import type { Drawing, DrawingOptions } from '../../src/playground/panes/graph/drawing.ts';
import { draw, layerTitle } from '../../src/playground/panes/graph/drawing.ts';
import { labelOf } from '../../src/playground/panes/graph/labels.ts';
import { place } from '../../src/playground/panes/graph/layout.ts';
import { stagesOf } from '../../src/playground/panes/graph/stages.ts';
import { firstView, fit, middleOf, neighbour, showing, zoom } from '../../src/playground/panes/graph/view.ts';
import { randomNumbers } from '../support/numbers.ts';

const node = (id: number, name: string, inputs: readonly number[], more: Partial<GraphNode> = {}): GraphNode => ({
  id,
  kind: 'computed',
  name,
  shape: [2],
  dtype: 'float32',
  inputs,
  parts: [id],
  lines: [id],
  flops: 0,
  isTarget: false,
  ...more,
});
const pass = (name: string, graph: readonly GraphNode[]): PassRecord => ({
  name,
  about: name,
  nodes: graph.length,
  kernels: 1,
  graph,
  bytesRead: 1,
  bytesWritten: 1,
  flops: 0,
});

/** An input goes through conv and relu, is reshaped, and then summed and divided in one kernel. */
const recorded = [
  node(0, 'data', [], { kind: 'input' }),
  node(1, 'assign', [], { kind: 'weight' }),
  node(2, 'conv2d', [0, 1], { layer: 'Net.conv (Conv2d)' }),
  node(3, 'relu', [2], { layer: 'Net' }),
  node(4, 'reshape', [3], { kind: 'view' }),
  node(5, 'full', [], { kind: 'constant' }),
  node(6, 'sum', [4]),
  node(7, 'div', [4, 6, 5], { isTarget: true }),
];
const fusedConv = node(8, 'conv2d+relu', [0, 1], { parts: [2, 3], lines: [2, 3], layer: 'Net' });
const last = [
  ...recorded.slice(0, 2),
  fusedConv,
  node(4, 'reshape', [8], { kind: 'view' }),
  recorded[5],
  { ...recorded[6], group: 7 },
  { ...recorded[7], group: 7 },
];
const compilation: Compilation = {
  recorded,
  memory: { intermediates: 0, shared: 0, results: 0 },
  passes: [
    pass('decompose', recorded),
    pass('epilogues', [...recorded.slice(0, 2), fusedConv, ...last.slice(3, 5)]),
    pass('reductions', last),
  ],
  kernels: [],
  unfused: [
    {
      producer: { name: 'conv2d+relu', shape: [2], lines: [2, 3] },
      consumer: { name: 'sum', shape: [2], lines: [6] },
      edge: [8, 6],
      reason: 'reshape lies between',
    },
  ],
};
const stages = stagesOf(compilation);
const usual: DrawingOptions = { leaves: true, views: false, byLayer: false, open: new Set() };
const drawn = (options: Partial<DrawingOptions> = {}, stage = stages.at(-1)!): Drawing =>
  draw(stage, compilation, { ...usual, ...options });
const arrows = ({ edges }: Drawing): string[] => edges.map(({ from, to }) => `${from} > ${to}`).toSorted();

test('a stage is the recorded graph, or what a pass changed', () => {
  expect(stages.map(({ key, isLast }) => [key, isLast])).toEqual([
    ['recorded', false],
    ['epilogues', false],
    ['reductions', true],
  ]);
  expect(stages[0].costs).toBe(compilation.passes[0]);
});

test('fused operations are one box, and an edge leads past views that are left out', () => {
  const drawing = drawn();
  expect(drawing.boxes.map(({ key, names, opens }) => [key, names.join(), opens])).toEqual([
    ['node 0', 'data', false],
    ['node 1', 'assign', false],
    ['fused 8', 'conv2d,relu', true],
    ['group 7', 'sum,div', true],
  ]);
  expect(arrows(drawing)).toEqual(['fused 8 > group 7', 'node 0 > fused 8', 'node 1 > fused 8']);
  expect(drawing.frames).toEqual([]);
});

test('a box that is opened is a frame around its operations, with the edges among them', () => {
  const drawing = drawn({ open: new Set(['fused 8', 'group 7']) });
  expect(arrows(drawing)).toEqual(
    [
      'node 0 > part 2',
      'node 1 > part 2',
      'part 2 > part 3',
      'part 3 > node 6',
      'part 3 > node 7',
      'node 6 > node 7',
    ].toSorted(),
  );
  expect(drawing.frames.map(({ key, title }) => [key, title])).toEqual([
    ['fused 8', 'conv2d + relu'],
    ['group 7', 'sum + div'],
  ]);
  expect(drawing.boxes.filter(({ within }) => within === 'fused 8').map(({ key }) => key)).toEqual([
    'part 2',
    'part 3',
  ]);
});

test('a pair that is not fused is on its edge, past views that are shown and that are not; of the last stage alone', () => {
  const marked = (drawing: Drawing): string[] =>
    drawing.edges.flatMap(({ from, to, unfused }) => (unfused.length > 0 ? `${from} > ${to}: ${unfused.join()}` : []));
  expect(marked(drawn())).toEqual(['fused 8 > group 7: 0']);
  expect(marked(drawn({ views: true }))).toEqual(['node 4 > group 7: 0']);
  expect(marked(drawn({ views: true, open: new Set(['group 7', 'fused 8']) }))).toEqual(['node 4 > node 6: 0']);
  expect(marked(drawn({}, stages[0]))).toEqual([]);
});

test('by layer, each module is a box that opens', () => {
  const drawing = drawn({ byLayer: true }, stages[0]);
  expect(drawing.boxes.map(({ names }) => names.join())).toEqual(['conv', 'Net', 'outside modules']);
  expect(arrows(drawing)).toEqual(['layer Net > layer outside modules', 'layer conv > layer Net']);
  const opened = drawn({ byLayer: true, open: new Set(['layer outside modules']) });
  expect(opened.boxes.map(({ key, within }) => [key, within])).toEqual([
    ['layer conv + Net', undefined],
    ['group 7', 'layer outside modules'],
  ]);
  expect(layerTitle('Net.features.0 (Conv2d), backward')).toBe('features.0, backward');
});

test('of random graphs, every computed node is in one box and every dependence is drawn', () => {
  const numbers = randomNumbers(100_000, 7).values();
  const pick = (n: number): number => Math.floor(((numbers.next().value! + 1) / 2) * n);
  for (let round = 0; round < 200; round++) {
    const graph: GraphNode[] = [];
    for (let id = 0; id < 30; id++) {
      const inputs = [...new Set(Array.from({ length: id === 0 ? 0 : pick(4) }, () => pick(id)))];
      const kind = inputs.length === 0 ? 'input' : pick(4) === 0 ? 'view' : 'computed';
      const isGrouped = kind === 'computed' && pick(3) === 0;
      graph.push(
        node(id, 'op', kind === 'view' ? inputs.slice(0, 1) : inputs, {
          kind,
          ...(isGrouped && { group: Math.floor(id / 6) }),
          ...(pick(2) === 0 && { layer: `Net.${pick(3)} (Linear)` }),
        }),
      );
    }
    const [stage] = stagesOf({ recorded: graph, passes: [], kernels: [], unfused: [], memory: compilation.memory });
    const options = { leaves: pick(2) === 0, views: pick(2) === 0, byLayer: pick(2) === 0, open: new Set<string>() };
    for (const { key } of draw(stage, { recorded: graph, unfused: [] }, options).boxes)
      if (pick(2) === 0) options.open.add(key);
    const { boxes, edges, frames } = draw(stage, { recorded: graph, unfused: [] }, options);
    const boxOf = (id: number) => boxes.filter(({ parts }) => parts.includes(id));
    const behindViews = (id: number): number => (graph[id].kind === 'view' ? behindViews(graph[id].inputs[0]) : id);
    for (const { id, kind, inputs } of graph.filter((one) => one.kind === 'computed')) {
      expect([kind, boxOf(id).length]).toEqual(['computed', 1]);
      for (const source of options.views && !options.byLayer ? inputs : inputs.map(behindViews)) {
        const [from, to] = [boxOf(source)[0]?.key, boxOf(id)[0].key];
        if (from !== undefined && from !== to)
          expect(edges.some((edge) => edge.from === from && edge.to === to)).toBe(true);
      }
    }
    const keys = new Set(boxes.map(({ key }) => key));
    expect(edges.every(({ from, to }) => keys.has(from) && keys.has(to))).toBe(true);
    const around = new Set(frames.map(({ key }) => key));
    expect([...boxes, ...frames].every(({ within }) => within === undefined || around.has(within))).toBe(true);
  }
});

const kernel = (name: string, nodes: readonly number[], totalMs: number, runs = 1, once = false): KernelFigures => ({
  place: { schedule: 0, kernel: 0 },
  record: {
    name,
    nodes,
    bytesRead: 1024,
    bytesWritten: 1024,
    flops: 500,
    once,
    workgroups: [1, 1, 1],
  } as unknown as KernelRecord,
  runs,
  totalMs,
});

test('a box costs what its kernels cost; of a kernel that computes more, it says that it is in one', () => {
  const kernels = [kernel('filter', [2], 1, 1, true), kernel('conv', [2, 3], 6, 3), kernel('div', [6, 7], 4)];
  const [, , conv, div] = drawn().boxes;
  expect(boxFigures(conv, kernels)).toMatchObject({ isWhole: true, isOnce: false, ms: 6 / 3, bytes: 2048, flops: 500 });
  expect(labelOf(conv, boxFigures(conv, kernels)).figures).toBe('2 ms · 2 KiB · 500 FLOP · 2 kernels');
  expect(labelOf(div, boxFigures(div, [])).figures).toBe('');
  const part = drawn({ open: new Set(['fused 8']) }).boxes.find(({ key }) => key === 'part 3')!;
  expect(labelOf(part, boxFigures(part, kernels)).figures).toBe('in a kernel of 2 ms');
  expect(labelOf(conv, boxFigures(conv, kernels.slice(0, 1))).figures).toBe('1 ms once · 2 KiB · 500 FLOP');
  expect(scheduleMs(kernels)).toBe(6 / 3 + 4);
});

test('what is read stands above its reader, boxes do not overlap, and a frame holds its boxes', () => {
  const { boxes, frames, edges } = drawn({ views: true, open: new Set(['fused 8', 'group 7']) });
  const { areas, lines } = place({
    boxes: boxes.map(({ key, within }) => ({ key, within, width: 80, height: 40 })),
    frames,
    edges,
  });
  for (const [i, { from, to }] of edges.entries()) {
    expect(areas.get(from)!.y + 40).toBeLessThan(areas.get(to)!.y);
    expect(lines[i].length).toBeGreaterThan(1);
  }
  const all = boxes.map(({ key }) => areas.get(key)!);
  const apart = (a: (typeof all)[number], b: typeof a): boolean =>
    Math.abs(a.x - b.x) >= 80 || Math.abs(a.y - b.y) >= 40;
  expect(all.every((a, i) => all.slice(i + 1).every((b) => apart(a, b)))).toBe(true);
  for (const { key, within } of boxes) {
    if (within === undefined) continue;
    const [inner, outer] = [areas.get(key)!, areas.get(within)!];
    expect(inner.x >= outer.x && inner.x + 80 <= outer.x + outer.width && inner.y + 40 <= outer.y + outer.height).toBe(
      true,
    );
  }
});

test('a drawing is fitted, enlarged around a point that stays, and moved as little as shows a box', () => {
  const window = { width: 400, height: 300 };
  expect(fit(window, { width: 800, height: 300 })).toEqual({ scale: 0.5, x: 0, y: 75 });
  expect(fit(window, { width: 100, height: 100 }).scale).toBe(1);
  const large = { width: 9000, height: 9000 };
  const area = { x: 5000, y: 100, width: 100, height: 40 };
  const first = firstView(window, large, area);
  expect([area.x + 50, area.y + 20].map((v, i) => v * first.scale + [first.x, first.y][i])).toEqual([200, 150]);
  const around = { x: 37, y: 91 };
  const before = { x: 5, y: -20, scale: 0.7 };
  const after = zoom(before, 1.3, around);
  const under = ({ x, y, scale }: typeof before): number[] => [(around.x - x) / scale, (around.y - y) / scale];
  for (const [i, value] of under(after).entries()) expect(value).toBeCloseTo(under(before)[i], 9);
  expect(zoom(before, 1e9, around).scale).toBe(zoom(before, 1e12, around).scale);
  const still = { x: 0, y: 0, scale: 1 };
  expect(showing(still, window, { x: 50, y: 50, width: 20, height: 20 })).toEqual(still);
  expect(showing(still, window, { x: 500, y: -40, width: 20, height: 20 })).toEqual({ x: -132, y: 52, scale: 1 });
});

test('arrows go to the nearest box ahead, and an edge is marked in its middle', () => {
  const at = (x: number, y: number) => ({ x, y, width: 10, height: 10 });
  const areas = new Map([
    ['top', at(0, 0)],
    ['below', at(20, 50)],
    ['far below', at(0, 200)],
    ['right', at(100, 5)],
  ]);
  expect(['up', 'down', 'right', 'left'].map((way) => neighbour(areas, 'top', way as 'up'))).toEqual([
    undefined,
    'below',
    'right',
    undefined,
  ]);
  expect(neighbour(areas, 'far below', 'up')).toBe('below');
  expect(
    middleOf([
      { x: 0, y: 0 },
      { x: 0, y: 30 },
      { x: 10, y: 30 },
    ]),
  ).toEqual({ x: 0, y: 20 });
});
