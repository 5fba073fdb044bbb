/**
 * @file Numbers that break formulas: NaN, infinities, both zeros, the largest and the smallest, put into the cases of
 * every operation, into each floating input and into the gradient that comes in from above; at one element among
 * ordinary ones, and everywhere.
 */
import type { DType } from '../../src/base/dtype.ts';
import { decode, isFloat } from '../../src/base/dtype.ts';
import { sizeOf } from '../../src/base/shape.ts';
import type { Case } from './case.ts';
import { plantedAt, stored, titleOf } from './case.ts';
import type { Results } from './evaluate.ts';

/** The smallest normal number of float32. */
export const smallestNormal = 2 ** -126;

export const extremes: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['∞', Infinity],
  ['−∞', -Infinity],
  ['0', 0],
  ['−0', -0],
  ['the largest', 2 ** 128 - 2 ** 104],
  ['−the largest', 2 ** 104 - 2 ** 128],
  ['the smallest', smallestNormal],
  ['a denormal', 2 ** -130],
]);

const floats = (c: Case): string[] => Object.keys(c.inputs).filter((name) => c.inputs[name].dtype === 'float32');

/** One case for each way to call each operation, of inputs that lie in memory as they are and have elements. */
export function waysToCall(cases: readonly Case[]): Case[] {
  const ways = new Map<string, Case>();
  for (const c of cases) {
    const plain = Object.values(c.inputs).every(
      ({ shape, dtype, placement }) => dtype !== 'float16' && placement === 'contiguous' && sizeOf(shape) > 0,
    );
    const way = `${c.op}: ${c.python}`;
    const before = ways.get(way);
    if (plain && floats(c).length > 0 && (!before || before.grad === false)) ways.set(way, c);
  }
  return [...ways.values()];
}

/** The case with a number at one element of an input, or at all of them. */
function withNumber(c: Case, name: string, value: number, everywhere: boolean): Case {
  const input = c.inputs[name];
  const numbers = [...decode(input.dtype, stored(c, name).data)];
  const put = everywhere ? numbers.fill(value) : numbers.with(plantedAt(numbers.length), value);
  return { ...c, inputs: { ...c.inputs, [name]: { ...input, numbers: put } } };
}

const titled = (c: Case, title: string): Case => ({
  ...c,
  name: `${c.name}, ${title}`,
  grad: c.grad !== false,
  mayRefuse: true,
});

/** The case with each number in each place. */
export function* extremeCases(c: Case): Generator<Case> {
  for (const [title, value] of extremes) {
    for (const everywhere of [false, true]) {
      const where = everywhere ? 'filled with' : 'with one';
      for (const name of floats(c))
        yield titled(withNumber(frozen(c), name, value, everywhere), `${name} ${where} ${title}`);
      if (c.grad !== false)
        yield titled({ ...frozen(c), incoming: { value, everywhere } }, `the gradient ${where} ${title}`);
    }
  }
}

/** Each pair of numbers, in the two inputs of an operation or in its input and the gradient from above. */
export function* extremePairs(c: Case): Generator<Case> {
  const [first, second] = floats(c);
  for (const [titleA, a] of extremes) {
    for (const [titleB, b] of extremes) {
      const one = withNumber(frozen(c), first, a, true);
      if (second) yield titled(withNumber(one, second, b, true), `${first} ${titleA}, ${second} ${titleB}`);
      else if (c.grad !== false)
        yield titled(
          { ...one, incoming: { value: b, everywhere: true } },
          `${first} ${titleA}, the gradient ${titleB}`,
        );
    }
  }
}

/** The case with its numbers as a list, so that they stay when its name changes. */
function frozen(c: Case): Case {
  const inputs = Object.entries(c.inputs).map(([name, input]) => [
    name,
    { ...input, numbers: [...decode(input.dtype, stored(c, name).data)] },
  ]);
  return { ...c, inputs: Object.fromEntries(inputs) };
}

/** How a number differs from PyTorch's. */
export type Difference = 'NaN lost' | 'NaN made' | 'infinity' | 'sign of zero' | 'value' | 'integer';

/** Which numbers a case was given: near the ends of float32's range formulas overflow or vanish on the way. */
export type Numbers = 'huge' | 'tiny' | 'special';

export const numbersOf = ({ name }: Pick<Case, 'name'>): Numbers =>
  /the largest/.test(name) ? 'huge' : hasTiny({ name }) ? 'tiny' : 'special';

/** Whether a case has numbers that an adapter may take for 0. */
export const hasTiny = ({ name }: Pick<Case, 'name'>): boolean => /the smallest|a denormal/.test(name);

export interface ExtremeFinding {
  readonly difference: Difference;
  readonly text: string;
}

/** Half the distance between neighbouring numbers at 1. */
const unitOf = (dtype: DType): number => (dtype === 'float16' ? 2 ** -11 : 2 ** -24);
/** Roundings of sums and functions, in units of the larger of the element and the tensor's ordinary size. */
const allowedUnits = 40;

/** Every tensor of a case that differs from PyTorch's, with the first element that does. */
export function differences(c: Case, got: Results, expected: Results): ExtremeFinding[] {
  return [...expected].flatMap(([name, want]): ExtremeFinding[] => {
    const b = decode(want.dtype, want.data);
    // A gradient that is 0 everywhere may also be told by none.
    const is = got.get(name);
    const a = is ? decode(is.dtype, is.data) : new Float64Array(b.length);
    const at = first(name, want.dtype, a, b);
    return at
      ? [
          {
            difference: at.difference,
            text: `${titleOf(c)}, ${name}[${at.index}]: ${at.difference}: ${shown(a[at.index])} where PyTorch has ${shown(b[at.index])}`,
          },
        ]
      : [];
  });
}

const shown = (v: number): string => (Object.is(v, -0) ? '−0' : String(v));

function first(
  name: string,
  dtype: DType,
  is: Float64Array,
  want: Float64Array,
): { index: number; difference: Difference } | undefined {
  const finite = want.filter(Number.isFinite);
  const ordinary = Math.min(8, Math.sqrt(finite.reduce((sum, v) => sum + v * v, 0) / Math.max(1, finite.length)));
  for (let index = 0; index < want.length; index++) {
    const difference = differenceOf(is[index], want[index], dtype, name.startsWith('grad'), ordinary);
    if (difference) return { index, difference };
  }
  return undefined;
}

/** In a gradient the sign of a zero is the formula's own affair. */
function differenceOf(a: number, b: number, dtype: DType, gradient: boolean, ordinary: number): Difference | undefined {
  if (Object.is(a, b)) return undefined;
  if (!isFloat(dtype)) return 'integer';
  if (Number.isNaN(b)) return 'NaN lost';
  if (Number.isNaN(a)) return 'NaN made';
  if (a === 0 && b === 0) return gradient ? undefined : 'sign of zero';
  if (!Number.isFinite(a) || !Number.isFinite(b)) return 'infinity';
  return Math.abs(a - b) > allowedUnits * unitOf(dtype) * Math.max(Math.abs(b), ordinary, smallestNormal)
    ? 'value'
    : undefined;
}
