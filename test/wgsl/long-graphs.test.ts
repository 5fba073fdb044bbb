/**
 * @file Intent: the work of compiling grows with the graph and not faster, and no chain is too long. Work is counted in
 * questions that passes and planner ask of the graph, not in time.
 */
import { describe, expect, test, vi } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { Graph } from '../../src/compile/graph.ts';
import { planRegion } from '../../src/compile/plan.ts';
import { collectRegion, partsOf } from '../../src/compile/region.ts';
import { candidates } from '../../src/dnn/choice/candidates.ts';
import { add, exp, mul, sin } from '../../src/graph/ops/elementwise/index.ts';
import { std } from '../../src/graph/ops/norm.ts';
import { sum } from '../../src/graph/ops/reduce.ts';
import { leaf, record } from '../../src/graph/record.ts';
import { recordingWith } from '../../src/graph/recording.ts';
import type { Node } from '../../src/graph/types.ts';
import { withNullEngine } from '../support/null-engine.ts';

withNullEngine();

const given = (): Node => leaf({ shape: [8], dtype: 'float32' }, 'webgpu', new Float32Array(8));

const along = { dims: [0], keepdim: true } as const;

/** Graphs of about so many nodes. */
const graphs: Readonly<Record<string, (nodes: number) => Node>> = {
  'a chain of pointwise operations': (nodes) => {
    let x = given();
    for (let i = 0; i < nodes; i++) x = record(sin, [x], {});
    return x;
  },
  'reductions and pointwise operations in turn': (nodes) => {
    let x = given();
    for (let i = 0; i < nodes / 3; i++) x = record(add, [record(exp, [x], {}), record(sum, [x], along)], {});
    return x;
  },
  'a value that everything reads': (nodes) => {
    const x = record(exp, [given()], {});
    let y = x;
    for (let i = 0; i < nodes / 2; i++) y = record(mul, [record(sum, [y], along), x], {});
    return y;
  },
  'operations that are defined by simpler ones': (nodes) => {
    let x = given();
    for (let i = 0; i < nodes / 3; i++) x = record(add, [x, record(std, [x], { ...along, correction: 1 })], {});
    return x;
  },
};

/** Plans such a graph; the number of its kernels. */
function plan(make: (nodes: number) => Node, nodes: number): number {
  const target = recordingWith({ compiled: true }, () => make(nodes));
  const { launches } = planRegion(collectRegion([target]), [target], {
    device: engine.device!,
    choose: (problem) => candidates(problem, engine.device!).plans[0],
  });
  return launches.length;
}

function questionsAbout(make: (nodes: number) => Node, nodes: number): number {
  const asked = [vi.spyOn(Graph.prototype, 'of'), vi.spyOn(Graph.prototype, 'readersOf')];
  plan(make, nodes);
  const count = asked.reduce((total, { mock }) => total + mock.calls.length, 0);
  for (const spy of asked) spy.mockRestore();
  return count;
}

describe.each(Object.entries(graphs))('%s', (_, make) => {
  test('twice the nodes, twice the work', () => {
    const [once, twice] = [1000, 2000].map((nodes) => questionsAbout(make, nodes));
    expect(twice / once).toBeLessThan(2.05);
  });

  test('of 50,000 nodes is compiled', () => {
    expect(plan(make, 50_000)).toBeGreaterThan(500);
  });
});

test('a long graph is collected once, not once for each part', () => {
  const target = graphs['a chain of pointwise operations'](50_000);
  let collected = 0;
  for (const { region, targets } of partsOf([target], new Set())) {
    collected += region.order.length;
    for (const node of targets) node.value = { host: new Float32Array(8) };
  }
  expect(collected).toBe(50_000);
});
