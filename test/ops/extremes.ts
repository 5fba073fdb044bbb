/**
 * @file Numbers that break formulas: NaN, infinities, both zeros, the largest and the smallest, put into the cases of every operation,
 * into each floating input and into the gradient that comes in from above; at one element among ordinary ones, and everywhere.
 */
import { decode } from '../../src/base/dtype.ts';
import { sizeOf } from '../../src/base/shape.ts';
import type { Case } from './case.ts';
import { plantedAt, stored } from './case.ts';

/** The smallest normal number of float32. */
export const smallestNormal = 2 ** -126;

export const extremes: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN], ['∞', Infinity], ['−∞', -Infinity], ['0', 0], ['−0', -0],
  ['the largest', 2 ** 128 - 2 ** 104], ['−the largest', 2 ** 104 - 2 ** 128], ['the smallest', smallestNormal], ['a denormal', 2 ** -130],
]);

const floats = (c: Case): string[] => Object.keys(c.inputs).filter((name) => c.inputs[name].dtype === 'float32');

/** One case for each way to call each operation, of inputs that lie in memory as they are and have elements. */
export function waysToCall(cases: readonly Case[]): Case[] {
  const ways = new Map<string, Case>();
  for (const c of cases) {
    const plain = Object.values(c.inputs).every(({ shape, dtype, placement }) => dtype !== 'float16' && placement === 'contiguous' && sizeOf(shape) > 0);
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

const titled = (c: Case, title: string): Case => ({ ...c, name: `${c.name}, ${title}`, grad: c.grad !== false, mayRefuse: true });

/** The case with each number in each place. */
export function* extremeCases(c: Case): Generator<Case> {
  for (const [title, value] of extremes) {
    for (const everywhere of [false, true]) {
      const where = everywhere ? 'filled with' : 'with one';
      for (const name of floats(c)) yield titled(withNumber(frozen(c), name, value, everywhere), `${name} ${where} ${title}`);
      if (c.grad !== false) yield titled({ ...frozen(c), incoming: { value, everywhere } }, `the gradient ${where} ${title}`);
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
      else if (c.grad !== false) yield titled({ ...one, incoming: { value: b, everywhere: true } }, `${first} ${titleA}, the gradient ${titleB}`);
    }
  }
}

/** The case with its numbers as a list, so that they stay when its name changes. */
function frozen(c: Case): Case {
  const inputs = Object.entries(c.inputs).map(([name, input]) => [name, { ...input, numbers: [...decode(input.dtype, stored(c, name).data)] }]);
  return { ...c, inputs: Object.fromEntries(inputs) };
}
