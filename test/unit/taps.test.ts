/**
 * Intent: what is told of an element, the places that it reads, are those that the float64 reference reads: each of
 * them alone changes it, and no other does.
 */
import { expect, test } from 'vitest';
import { convolutionDescriptor } from '../../src/dnn/api.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';

const directions = ['forward', 'backward data', 'backward filter'] as const;
const shapes = {
  'padded from one side': { x: [2, 4, 6, 5], w: [4, 4, 3, 2], padding: [2, 0, 0, 1] },
  'strided and dilated': { x: [1, 2, 9, 8], w: [3, 2, 3, 3], padding: 2, stride: [2, 3], dilation: [2, 1] },
  'in groups': { x: [2, 6, 5, 4], w: [4, 3, 2, 3], groups: 2, padding: 1 },
} as const;

const cases = Object.entries(shapes).flatMap(([name, shape]) =>
  directions.map((direction) => [direction, name, shape] as const),
);

test.each(cases)('%s, %s', (direction, _, shape) => {
  const problem = convProblem(convolutionDescriptor({ ...shape, direction }));
  const inputs = problem.operands.filter(({ access }) => access === 'read');
  const output = problem.operands.find(({ access }) => access === 'write')!;
  for (let element = 0; element < output.elements; element += 7) {
    const { reads, place } = problem.describeElement!(element);
    expect(flatten(numbersIn(place).flat(), output.shape!)).toBe(element);
    for (const { role, elements, shape: sizes } of inputs) {
      const told = reads.split(' × ').find((text) => text.startsWith(`${role}[`) || text.startsWith(`d${role}[`));
      const read = new Set(placesIn(told).map((at) => flatten(at, sizes!)));
      const others = Object.fromEntries(inputs.map((other) => [other.role, new Float64Array(other.elements).fill(1)]));
      const expected = Array.from({ length: elements }, (__, at) => at).filter((at) => {
        const data = new Float64Array(elements);
        data[at] = 1;
        return problem.reference({ ...others, [role]: data }, Uint32Array.of(element))[0] !== 0;
      });
      expect([...read].sort((a, b) => a - b)).toEqual(expected);
    }
  }
});

/** `x[0, 0–2, 1–5 by 2, 1 4]`: the numbers of each place. */
const numbersIn = (text: string): number[][] =>
  /\[(.*)\]/
    .exec(text)![1]
    .split(', ')
    .map((part) => {
      const [, first, last, step = '1'] = /^(\d+)–(\d+)(?: by (\d+))?$/.exec(part) ?? [];
      if (first === undefined) return part.split(' ').map(Number);
      return Array.from(
        { length: (Number(last) - Number(first)) / Number(step) + 1 },
        (_, i) => Number(first) + i * Number(step),
      );
    });

/** All places that a text tells of; none where it says that there are none. */
function placesIn(text: string | undefined): number[][] {
  if (text === undefined) return [];
  return numbersIn(text).reduce<number[][]>((all, part) => all.flatMap((at) => part.map((n) => [...at, n])), [[]]);
}

const flatten = (index: readonly number[], sizes: readonly number[]): number =>
  index.reduce((sum, i, d) => sum * sizes[d] + i, 0);
