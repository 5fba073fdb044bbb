/**
 * @file A side of a comparison that is right, or wrong in one place, in any arithmetic: the graph in float64 with every
 * factor and every result rounded to nearest, and each sum off by what adding in some order makes of it. No GPU has all
 * of these arithmetics.
 */
import { isFloat } from '../../src/base/dtype.ts';
import type { Allowance } from '../../src/compare/compare.ts';
import { compareTensors, rootMeanSquare } from '../../src/compare/compare.ts';
import type { ComparedTensor } from '../../src/compare/types.ts';
import type { Arithmetic } from '../../src/dnn/tolerance.ts';
import { arithmetics } from '../../src/dnn/tolerance.ts';
import type { Disturbance } from '../../src/graph/evaluate.ts';
import { evaluate, evaluateStored } from '../../src/graph/evaluate.ts';
import type { Node, Operand, TracedModel } from '../../src/graph/types.ts';
import type { Report } from '../../src/remote/report.ts';
import { allowances } from '../../src/session/judge/allowances.ts';
import { captureRun } from '../../src/session/judge/capture-run.ts';
import { inOrder, lengthOf } from '../../src/session/judge/sum-length.ts';
import { stream } from './fake-bench.ts';

/** What is done to the result of one node. */
export interface Fault {
  readonly node: Node;
  readonly change: (operands: readonly Operand[], values: Float64Array) => Float64Array;
}

export interface Side {
  readonly arithmetic: Arithmetic;
  readonly seed: number;
  /** Of each convolution, over its rms: an algorithm that rounds more than a plain sum. */
  readonly convolutionError?: number;
  readonly fault?: Fault;
}

function sideOf(nodes: readonly Node[], { arithmetic, seed, convolutionError = 0, fault }: Side): Float64Array[] {
  const random = stream(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const { stored, factor, least } = arithmetics[arithmetic];
  const recorded = new Set(inOrder(nodes));
  const isProduct = ({ op }: Node): boolean => op.name === 'matmul' || op.name.startsWith('conv2d');
  const summed = (node: Node, operands: readonly Operand[], values: Float64Array): Float64Array => {
    const length = lengthOf(node);
    if (operands.length === 0 || length === 1) return values;
    const bits = arithmetic === 'float16 sums' ? 11 : 24;
    const error = Math.hypot(
      0.4 * 2 ** -bits * Math.sqrt(length),
      node.op.name.startsWith('conv2d') ? convolutionError / 4 : 0,
    );
    // Squares cancel nowhere, so a variance is off by a share of itself.
    if (node.op.name === 'variance') return values.map((y) => y * (1 + normal() * error));
    const terms =
      operands
        .slice(0, isProduct(node) ? 2 : 1)
        .reduce((product, { data }) => product * rootMeanSquare(data), Math.sqrt(length)) /
      (node.op.name === 'mean' ? length : 1);
    return values.map((y) => y + normal() * error * terms);
  };
  const disturbance: Disturbance = {
    operands: (node, operands) =>
      factor < stored && isProduct(node)
        ? operands.map((o, i) => (i < 2 ? { ...o, data: nearest(o.data, factor, 0) } : o))
        : operands,
    result(node, operands, values) {
      if (!isFloat(node.dtype) || node.op.name === 'full') return values;
      const own = summed(node, operands, values);
      const changed = node === fault?.node ? fault.change(operands, own) : own;
      return recorded.has(node) ? nearest(changed, stored, least) : nearest(changed, 24, 0);
    },
  };
  return evaluate(nodes, 'float64', disturbance);
}

function nearest(values: Float64Array, bits: number, least: number): Float64Array {
  return values.map((x) => {
    if (x === 0 || !Number.isFinite(x)) return x;
    const step = Math.max(2 ** (Math.floor(Math.log2(Math.abs(x))) + 1 - bits), least);
    const [steps, below] = [x / step, Math.floor(x / step)];
    const up = steps - below > 0.5 || (steps - below === 0.5 && below % 2 !== 0);
    return (below + Number(up)) * step;
  });
}

/** A model's outputs, layers and gradients as a comparison judges them. */
export class JudgedSide {
  readonly nodes: readonly Node[];
  private readonly names: readonly string[];
  private readonly exact: ReadonlyMap<Node, Float64Array>;
  private readonly scale: number;
  private readonly allowed: (node: Node) => Allowance;
  private readonly here: readonly Float64Array[];

  static async of(model: TracedModel, arithmetic: Arithmetic): Promise<JudgedSide> {
    const { outputs, layers, gradients } = await captureRun(model, { layers: true, gradients: true }, async (nodes) =>
      evaluateStored(nodes),
    );
    const named = [
      ...outputs.map(({ node }, i): [string, Node] => [`output ${i}`, node]),
      ...[...layers, ...gradients].map(([name, { node }]): [string, Node] => [name, node]),
    ];
    return new JudgedSide(named, arithmetic);
  }

  private constructor(named: readonly [string, Node][], arithmetic: Arithmetic) {
    this.names = named.map(([name]) => name);
    this.nodes = named.map(([, node]) => node);
    const values = evaluate(this.nodes, 'float64');
    this.exact = new Map(this.nodes.map((node, i) => [node, values[i]]));
    this.scale = Math.max(
      0,
      ...this.names.flatMap((name, i) => (name.includes('grad.') ? rootMeanSquare(values[i]) : [])),
    );
    this.here = sideOf(this.nodes, { arithmetic: 'float32', seed: -1 });
    const settings = {
      dtype: arithmetic === 'bfloat16' || arithmetic === 'float16' ? arithmetic : 'float32',
      allow_tf32: arithmetic === 'tf32',
      autocast: null,
    };
    this.allowed = allowances(this.nodes, this.exact, [], {
      settings,
      device: { type: 'cuda', name: '', capability: '8.0' },
    } as unknown as Report);
  }

  /** A float32 side here and the other one there. */
  compare(remote: Side): ComparedTensor[] {
    const there = sideOf(this.nodes, remote);
    return this.nodes.map((node, i) => {
      const numbers = (data: Float64Array) => ({ shape: node.shape, data });
      return compareTensors(
        this.names[i],
        numbers(this.here[i]),
        numbers(there[i]),
        numbers(this.exact.get(node)!),
        this.allowed(node),
        this.names[i].includes('grad.') ? this.scale : 0,
      );
    });
  }
}
