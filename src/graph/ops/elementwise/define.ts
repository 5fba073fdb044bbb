/**
 * @file How a pointwise operation is written: one row of a table. A row gives the formula three times (a double in
 * JavaScript, WGSL, PyTorch's call) and its gradient; shape, dtype and broadcasting are the same for all.
 *
 * In WGSL a float operand is an `f32`, whatever its storage, and an integer or bool operand is an `i32`; the result is
 * converted to the output's type when it is stored.
 */
import type { DType } from '../../../base/dtype.ts';
import { isFloat } from '../../../base/dtype.ts';
import { fail } from '../../../base/errors.ts';
import { broadcastShapes, contiguousStrides, sizeOf } from '../../../base/shape.ts';
import * as e from '../../expr.ts';
import type { Attrs, FormulaContext, Gradient, MathLibrary, Node, Op, Operand, TensorType } from '../../types.ts';

export interface Row<A extends Attrs> {
  readonly name: string;
  readonly js: (args: readonly number[], attrs: A) => number;
  /** The formula of integers, where doubles would round it: the low 32 bits. */
  readonly jsInt?: (args: readonly number[], attrs: A) => number;
  readonly wgsl: (args: readonly string[], attrs: A, context: FormulaContext) => string;
  /** Files of shaders/lib/ that the WGSL needs, besides math.wgsl. */
  readonly uses?: readonly MathLibrary[];
  readonly gradient: Gradient<A> | 'none';
  readonly python: (args: readonly string[], attrs: A, output: TensorType) => string;
  readonly takesNumbers?: boolean;
  readonly random?: boolean;
  /** The output's dtype: the operands' common one, bool, or chosen by the attributes. */
  readonly result?: 'bool' | ((inputs: readonly TensorType[], attrs: A) => DType);
  /** How many leading operands are conditions or the like, whose dtype is their own. */
  readonly free?: number;
}

export function elementwise<A extends Attrs = Attrs>(row: Row<A>): Op<A> {
  return {
    name: row.name,
    infer: (inputs, attrs) => {
      const typed = inputs.slice(row.free ?? 0);
      for (const t of typed) {
        if (t.dtype !== typed[0].dtype)
          fail(`${row.name}: operands are ${typed[0].dtype} and ${t.dtype}; convert one with .to()`);
      }
      const dtype = row.result === 'bool' ? 'bool' : row.result ? row.result(inputs, attrs) : typed[0].dtype;
      return { shape: broadcastShapes(row.name, ...inputs.map((t) => t.shape)), dtype };
    },
    reference: (inputs, attrs, output) => {
      const out = new Float64Array(sizeOf(output.shape));
      const indices = inputs.map((input) => broadcastIndex(input, output));
      const args = new Array<number>(inputs.length);
      const formula = row.jsInt && !isFloat(output.dtype) ? row.jsInt : row.js;
      for (let i = 0; i < out.length; i++) {
        for (let a = 0; a < args.length; a++) args[a] = inputs[a].data[indices[a](i)];
        out[i] = formula(args, attrs);
      }
      return out;
    },
    gradient: row.gradient,
    sums: 'none',
    python: row.python,
    takesNumbers: row.takesNumbers,
    random: row.random,
    elementwise: { js: row.js, wgsl: row.wgsl, uses: row.uses },
  };
}

/** Maps an output's flat index to that of an operand broadcast to it. */
function broadcastIndex(input: Operand, output: TensorType): (i: number) => number {
  if (input.data.length === sizeOf(output.shape)) return (i) => i;
  if (input.data.length === 1) return () => 0;
  const lead = output.shape.length - input.shape.length;
  const from = contiguousStrides(input.shape);
  const strides = output.shape.map((_, d) => (d < lead || input.shape[d - lead] === 1 ? 0 : from[d - lead]));
  return (i) => {
    let index = 0;
    for (let d = output.shape.length - 1; d >= 0; d--) {
      const size = output.shape[d];
      index += (i % size) * strides[d];
      i = Math.floor(i / size);
    }
    return index;
  };
}

/** A row of one operand without attributes. */
export interface UnaryRow extends Pick<Row<Attrs>, 'uses'> {
  readonly js: (x: number) => number;
  readonly jsInt?: (x: number) => number;
  readonly wgsl: (x: string) => string;
  /** As a formula of the input x, the output y and the output's gradient g. */
  readonly derivative: ((x: Node, y: Node, g: Node) => Node) | 'none';
  readonly result?: 'bool';
  /** PyTorch's name where it is not ours. */
  readonly python?: string;
}

export function unary(name: string, row: UnaryRow): Op<Attrs> {
  const { derivative, jsInt } = row;
  return elementwise({
    name,
    js: ([x]) => row.js(x),
    jsInt: jsInt && (([x]) => jsInt(x)),
    wgsl: ([x]) => row.wgsl(x),
    uses: row.uses,
    gradient: derivative === 'none' ? 'none' : ({ inputs: [x], node, grad }) => [derivative(x, node, grad)],
    python: ([x]) => `torch.${row.python ?? name}(${x})`,
    result: row.result,
  });
}

/** A derivative as a formula of the operands a and b, the output y and its gradient g. */
type Partial = (a: Node, b: Node, y: Node, g: Node) => Node;

/** A row of two operands without attributes. */
export interface BinaryRow extends Pick<Row<Attrs>, 'uses' | 'takesNumbers'> {
  readonly js: (a: number, b: number) => number;
  readonly wgsl: (a: string, b: string) => string;
  /** The formulas of integers, where they are others. */
  readonly jsInt?: (a: number, b: number) => number;
  readonly wgslInt?: (a: string, b: string) => string;
  readonly derivatives: readonly [Partial, Partial] | 'none';
  readonly result?: 'bool';
  readonly python: (a: string, b: string) => string;
}

export function binary(name: string, row: BinaryRow): Op<Attrs> {
  const { derivatives } = row;
  const { jsInt } = row;
  return elementwise({
    name,
    js: ([a, b]) => row.js(a, b),
    jsInt: jsInt && (([a, b]) => jsInt(a, b)),
    wgsl: ([a, b], _, { inputs }) => (isFloat(inputs[0]) || !row.wgslInt ? row.wgsl : row.wgslInt)(a, b),
    uses: row.uses,
    gradient:
      derivatives === 'none'
        ? 'none'
        : ({ inputs: [a, b], node, grad, needs }) => [
            needs(0) ? e.sumTo(derivatives[0](a, b, node, grad), a.shape) : undefined,
            needs(1) ? e.sumTo(derivatives[1](a, b, node, grad), b.shape) : undefined,
          ],
    python: ([a, b]) => row.python(a, b),
    takesNumbers: row.takesNumbers,
    result: row.result,
  });
}

/** WGSL's or Python's call of a function. */
export const call =
  (name: string) =>
  (...args: readonly string[]): string =>
    `${name}(${args.join(', ')})`;

export const infix =
  (symbol: string) =>
  (a: string, b: string): string =>
    `(${a} ${symbol} ${b})`;

/** A constant of the formula; a number of the program's is `context.parameter`. */
export const literal = (value: number): string => `(${Math.fround(value)}f)`;
