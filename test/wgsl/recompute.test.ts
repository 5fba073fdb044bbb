/**
 * @file Intent: where memory is short, a graph computes cheap values again for late readers: few operations each, of
 * what is in memory all the same, and never what draws, checks or costs. Nothing runs: Dawn's null backend needs no
 * driver.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { checkGraph } from '../../src/compile/grammar.ts';
import { Graph } from '../../src/compile/graph.ts';
import { Lifetimes } from '../../src/compile/lifetimes.ts';
import { runPasses } from '../../src/compile/passes/index.ts';
import { collectRegion } from '../../src/compile/region.ts';
import { F, nn, torch } from '../../src/torch/index.ts';
import { pendingUpdates } from '../../src/torch/pending.ts';
import { withNullEngine } from '../support/null-engine.ts';

type Tensor = torch.Tensor;

withNullEngine();
beforeEach(() => {
  engine.forget();
  torch.manualSeed(1);
  pendingUpdates.take();
  pendingUpdates.clear();
});

/** The graph after the passes, with so much room, and the most bytes that are in use at once. */
function planned(targets: readonly Tensor[], room?: number): { graph: Graph; peak: number } {
  const nodes = targets.map(({ node }) => node);
  const graph = runPasses(Graph.recorded(collectRegion(nodes).leaves, nodes), {
    device: engine.device!,
    room,
    onGraph: checkGraph,
  });
  return { graph, peak: new Lifetimes(graph).peak.bytes };
}

/** The names of what is computed again. */
const again = ({ graph }: { graph: Graph }): string[] =>
  graph.order.filter((node) => graph.copies.has(node) && !node.op.view).map(({ op }) => op.name);

/** The loss of a compiled function of 256 rows of 64, and the gradients of what it is given. */
function gradients(f: (x: Tensor) => Tensor, ...parameters: readonly Tensor[]): Tensor[] {
  for (const each of parameters) each.grad = null;
  const x = torch.randn(256, 64).to('webgpu');
  const loss = torch.compile((t: Tensor) => f(t).square().mean())(x);
  loss.backward();
  return [loss, ...parameters.map(({ grad }) => grad!)];
}

const parameter = (...shape: number[]): Tensor =>
  torch
    .randn(...shape)
    .to('webgpu')
    .requiresGrad_();
const weights = Array.from({ length: 8 }, () => parameter(64, 64));
const through = (layer: (y: Tensor) => Tensor) => (x: Tensor) => weights.reduce((y, w) => layer(y.matmul(w)), x);

describe('a network of eight layers', () => {
  test('computes its activations again, as many as it takes', () => {
    const targets = gradients(through(F.gelu), ...weights);
    const roomy = planned(targets);
    expect(again(roomy)).toEqual([]);
    const half = planned(targets, roomy.peak - 65_536);
    expect(half.peak).toBeLessThanOrEqual(roomy.peak - 65_536);
    const all = planned(targets, 1);
    expect(all.peak).toBeLessThan(half.peak);
    expect(again(half).length).toBeLessThan(again(all).length);
    expect(new Set(again(all))).toEqual(new Set(['gelu']));
  });

  test('computes norms again of their statistics, which have a number a row', () => {
    const targets = gradients(
      through((y) => F.layerNorm(y, [64]).tanh()),
      ...weights,
    );
    const [roomy, thrifty] = [planned(targets), planned(targets, 1)];
    expect(thrifty.peak).toBeLessThan(roomy.peak);
    expect(again(thrifty).every((name) => !/mean|variance|sum/.test(name))).toBe(true);
  });

  test('keeps what nothing cheap gives: sums with their activation', () => {
    const targets = gradients(through(F.relu), ...weights);
    expect(again(planned(targets, 1))).toEqual([]);
  });

  test('keeps what was drawn at random', () => {
    const targets = gradients(
      through((y) => F.dropout(y, 0.5)),
      ...weights,
    );
    expect(again(planned(targets, 1)).filter((name) => /rand|dropout|bernoulli/.test(name))).toEqual([]);
  });
});

test('a chain is computed again from a value on the way, so that none takes more than a few operations', () => {
  const scale = parameter(64);
  const chain = (x: Tensor): Tensor => {
    let y = x;
    for (let i = 0; i < 60; i++) y = y.mul(scale).sin().softmax(1);
    return y;
  };
  const targets = gradients(chain, scale);
  const [roomy, thrifty] = [planned(targets), planned(targets, 1)];
  expect(thrifty.peak).toBeLessThan(roomy.peak);
  // A value and its copies: those of each reader of the backward pass.
  expect(again(thrifty).length).toBeLessThan(60 * 16);
});

test('what eager code reads late is kept', () => {
  const x = torch.randn(256, 64).to('webgpu');
  const y = torch.compile((t: Tensor) => t.matmul(weights[0]).sin())(x);
  const z = weights.reduce((t, w) => t.matmul(w), y);
  expect(again(planned([z.add(y)], 1))).toEqual([]);
});

test('a module of any layers keeps its grammar', () => {
  const model = new nn.TransformerEncoderLayer(32, 4, { dimFeedforward: 64, dropout: 0, batchFirst: true });
  model.to('webgpu');
  const loss = torch
    .compile(model)(torch.randn(4, 9, 32).to('webgpu'))
    .square()
    .mean();
  loss.backward();
  const targets = [loss, ...model.parameters().map(({ grad }) => grad!)];
  expect(planned(targets, 1).peak).toBeLessThan(planned(targets).peak);
});
