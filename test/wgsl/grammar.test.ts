/**
 * @file Intent: after every pass a graph keeps its grammar, over models, every case of every operation and random
 * programs; and a pass that breaks it, or fails, is told. Nothing runs: Dawn's null backend needs no driver.
 */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { checkGraph } from '../../src/compile/grammar.ts';
import { Graph } from '../../src/compile/graph.ts';
import { passes, passNames, runPasses } from '../../src/compile/passes/index.ts';
import { collectRegion } from '../../src/compile/region.ts';
import { conv2d } from '../../src/graph/ops/conv2d.ts';
import { conv2dFused } from '../../src/graph/ops/conv2d-fused.ts';
import { add, exp, relu } from '../../src/graph/ops/elementwise/index.ts';
import { sum } from '../../src/graph/ops/reduce.ts';
import { leaf, record } from '../../src/graph/record.ts';
import { recordingWith } from '../../src/graph/recording.ts';
import type { Node } from '../../src/graph/types.ts';
import { torch } from '../../src/torch/index.ts';
import { pendingUpdates } from '../../src/torch/pending.ts';
import { families } from '../ops/cases/index.ts';
import { recordCase } from '../ops/evaluate.ts';
import { fuzzCase } from '../ops/fuzz.ts';
import { compiledPrograms } from '../support/compiled-programs.ts';
import { withNullEngine } from '../support/null-engine.ts';

withNullEngine();
beforeEach(() => {
  engine.forget();
  pendingUpdates.take(); // or what one test records is computed at once in another
  pendingUpdates.clear();
});

/** Runs the passes with the grammar checked after each; the graphs in between. */
function checked(targets: readonly Node[], room?: number): Graph[] {
  const graphs: Graph[] = [];
  const { leaves } = collectRegion(targets);
  runPasses(Graph.recorded(leaves, targets), {
    device: engine.device!,
    room,
    onGraph: (graph, after) => {
      checkGraph(graph, after);
      graphs.push(graph);
    },
  });
  expect(graphs).toHaveLength(1 + passNames.length);
  return graphs;
}

describe('holds over', () => {
  test.for(Object.keys(compiledPrograms))('%s', async (name) => {
    engine.settings.enabled = false;
    torch.manualSeed(1);
    let graphs = 0;
    engine.onGraph = (graph, after) => {
      checkGraph(graph, after);
      graphs++;
    };
    await compiledPrograms[name]();
    engine.onGraph = undefined;
    expect(graphs).toBeGreaterThan(passNames.length);
  });

  test.for(Object.entries(families))('operations: %s', ([, cases]) => {
    for (const c of cases) {
      const targets = recordingWith({ compiled: true }, () => [...recordCase(c, 'webgpu').values()].map((t) => t.node));
      checked(targets.filter((node) => !node.value));
      checked(
        targets.filter((node) => !node.value),
        1,
      );
    }
  });

  test('random programs', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const targets = recordingWith({ compiled: seed % 3 > 0 }, () =>
        [...recordCase(fuzzCase(seed), 'webgpu').values()].map((t) => t.node),
      );
      checked(targets.filter((node) => !node.value));
      checked(
        targets.filter((node) => !node.value),
        1,
      );
    }
  });
});

const given = (...shape: number[]): Node =>
  leaf({ shape, dtype: 'float32' }, 'webgpu', new Float32Array(shape.reduce((a, b) => a * b, 1)));

const compiled = <T>(body: () => T): T => recordingWith({ compiled: true }, body);

const plain = { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 } as const;

describe('a graph is refused', () => {
  const [x, wide] = [given(4), given(5)];
  const y = record(exp, [x], {});
  const graph = Graph.recorded([x, wide], [y]);
  const withInPlaceOfY = (by: Node): Graph =>
    graph.rewritten({ stands: new Map([[y, by]]), parts: new Map(), copies: new Map(), refusals: new Map() });

  test('whose target has another shape than what stands for it', () => {
    expect(() => checkGraph(withInPlaceOfY(record(exp, [wide], {})))).toThrow(
      'grammar: after recording: exp [4] has float32 [5] standing for it',
    );
  });

  test('whose node has another shape than its inputs make', () => {
    expect(() => checkGraph(withInPlaceOfY({ ...record(exp, [wide], {}), shape: [4] }))).toThrow(
      'exp [4] is float32 [4] where its inputs make float32 [5]',
    );
  });

  test('that reads a leaf which it does not have', () => {
    expect(() => checkGraph(withInPlaceOfY(record(add, [x, given(4)], {})), 'epilogues')).toThrow(
      'grammar: after epilogues: data [4] is a leaf that the graph does not have',
    );
  });

  test('whose fused node lacks an operand', () => {
    const [image, filters] = [given(1, 2, 5, 5), given(3, 2, 3, 3)];
    const conv = record(conv2d, [image, filters], plain);
    const epilogue = { bias: false, residual: true, activation: 'relu' } as const;
    const fused = record(conv2dFused, [image, filters], { ...plain, epilogue });
    const broken = Graph.recorded([image, filters], [conv]).rewritten({
      stands: new Map([[conv, fused]]),
      parts: new Map(),
      copies: new Map(),
      refusals: new Map(),
    });
    expect(() => checkGraph(broken)).toThrow(/conv2dFused .* has 2 operands with no bias and a residual/);
  });

  test('whose kernel would read what shares words', () => {
    const brief = leaf({ shape: [4], dtype: 'bfloat16' }, 'webgpu', new Uint16Array(4));
    const total = record(sum, [brief], { dims: [0], keepdim: false });
    expect(() => checkGraph(Graph.recorded([brief], [total]), 'decompose')).toThrow(
      'grammar: after decompose: sum [] shares words, which its kernel does not read',
    );
  });

  test('whose groups do not write what is read', () => {
    const nodes = [y];
    const broken = graph.grouped(new Map([[y, { nodes, outputs: [] }]]), new Map());
    expect(() => checkGraph(broken)).toThrow(/exp \[4\] is asked for and not written/);
  });
});

describe('common subexpressions', () => {
  const left = (make: (x: Node) => Node): number => {
    const x = given(4);
    const target = compiled(() => make(x));
    return checked([target]).at(-1)!.order.length;
  };

  test('are computed once', () => {
    expect(left((x) => record(add, [record(exp, [x], {}), record(exp, [x], {})], {}))).toBe(2);
    expect(left((x) => record(add, [record(exp, [x], {}), record(relu, [x], {})], {}))).toBe(3);
  });

  test('are not those of eager code, of random numbers, of 0 and −0', async () => {
    const t = torch.ones(4).to('webgpu');
    const twice = (f: (t: torch.Tensor) => torch.Tensor, name: string): number => {
      const { node } = torch.compile((x: torch.Tensor) => f(x).add(f(x)))(t);
      return checked([node])
        .at(-1)!
        .order.filter(({ op }) => op.name === name).length;
    };
    expect(twice((x) => x.exp(), 'exp')).toBe(1);
    const eager = t.exp().add(t.exp()).node;
    expect(
      checked([eager])
        .at(-1)!
        .order.filter(({ op }) => op.name === 'exp'),
    ).toHaveLength(2);
    const { node } = torch.compile((x: torch.Tensor) => x.div(0).add(x.div(-0)))(t);
    expect(
      checked([node])
        .at(-1)!
        .order.filter(({ op }) => op.name === 'div'),
    ).toHaveLength(2);
    expect(twice((x) => torch.nn.functional.dropout(x, 0.5), 'dropout')).toBe(2);
  });

  test('are not sums that may turn out wrong, whose errors belong to a line each', () => {
    const t = torch.ones(4).to('int32').to('webgpu');
    const { node } = torch.compile((x: torch.Tensor) => x.sum().add(x.sum()))(t);
    expect(
      checked([node])
        .at(-1)!
        .order.filter(({ op }) => op.name === 'sum'),
    ).toHaveLength(2);
  });
});

describe('passes', () => {
  const broken = {
    about: 'fails',
    run: () => {
      throw new Error('planted');
    },
  };

  test('one that fails is left out with a remark that names it, and the rest runs', () => {
    const [image, filters] = [given(1, 2, 5, 5), given(3, 2, 3, 3)];
    const y = compiled(() => record(relu, [record(conv2d, [image, filters], plain)], {}));
    const onRemark = vi.fn<(text: string) => void>();
    const table = { ...passes, batchNorm: broken };
    const graph = runPasses(Graph.recorded([image, filters], [y]), { device: engine.device!, table, onRemark });
    expect(onRemark.mock.calls).toEqual([['torch.compile: the pass batchNorm failed and is left out: planted']]);
    expect(graph.order.map(({ op }) => op.name)).toEqual(['conv2dFused']);
    const without = runPasses(Graph.recorded([image, filters], [y]), {
      device: engine.device!,
      table: { ...passes, epilogues: broken },
    });
    expect(without.order.map(({ op }) => op.name)).toEqual(['conv2d', 'relu']);
    checkGraph(without);
  });

  test('one that is switched off does not run, and its schedule is another', async () => {
    const t = torch.ones(4).to('webgpu');
    const f = torch.compile((x: torch.Tensor) => x.exp().add(1));
    await f(t).data(); // and what other tests left to compute
    engine.forget();
    const prepare = vi.spyOn(engine.device!, 'prepare');
    await f(t).data();
    engine.withoutPasses = ['pointwise'];
    await f(t).data();
    expect(prepare.mock.calls.map(([launches]) => launches.map(({ kernel }) => kernel.label))).toEqual([
      ['pointwise exp+add'],
      ['pointwise exp', 'pointwise add'],
    ]);
    prepare.mockRestore();
  });
});
