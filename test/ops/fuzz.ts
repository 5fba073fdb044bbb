/**
 * @file Random expression graphs as cases: a seed makes one, in our calls and in PyTorch's, of up to twelve operations
 * on values that came before. Numbers stay of moderate size, so that rounding errors stay what they are.
 */
import { Generator, randint } from '../../src/base/random.ts';
import type { Shape } from '../../src/base/shape.ts';
import { broadcastShapes } from '../../src/base/shape.ts';
import type { Tensor } from '../../src/torch/tensor.ts';
import * as torch from '../../src/torch/torch.ts';
import type { Case, Input } from './case.ts';
import { f32, permuted, stepped } from './case.ts';

const mostOperations = 12;

type Draw = (count: number) => number;

/** One operation with its parameters drawn: our call and PyTorch's. */
interface Call {
  readonly ours: (...args: Tensor[]) => Tensor;
  readonly python: (...args: string[]) => string;
}

/** A kind of operation: `undefined` where it cannot take these shapes. */
interface Kind {
  readonly operands: number;
  readonly draw: (shapes: readonly Shape[], draw: Draw) => Call | undefined;
}

const always = (operands: number, ours: Call['ours'], python: Call['python']): Kind => ({
  operands,
  draw: () => ({ ours, python }),
});
const unary = (ours: (x: Tensor) => Tensor, python: string): Kind => always(1, ours, (x) => python.replace(/\bx\b/, x));

const broadcasting = (ours: Call['ours'], python: Call['python']): Kind => ({
  operands: 2,
  draw: ([a, b]) => (compatible(a, b) ? { ours, python } : undefined),
});

function compatible(a: Shape, b: Shape): boolean {
  try {
    broadcastShapes('fuzz', a, b);
    return true;
  } catch {
    return false;
  }
}

/** An operation along a dimension, which may be given from the end. */
const along = (
  ours: (x: Tensor, dim: number, size: number) => Tensor,
  python: (x: string, dim: number, size: number) => string,
): Kind => ({
  operands: 1,
  draw: ([shape], draw) => {
    if (shape.length === 0) return undefined;
    const d = draw(shape.length);
    const dim = draw(2) ? d - shape.length : d;
    return { ours: (x) => ours(x, dim, shape[d]), python: (x) => python(x, dim, shape[d]) };
  },
});

const kinds: readonly Kind[] = [
  unary((x) => x.tanh(), 'torch.tanh(x)'),
  unary((x) => x.sigmoid(), 'torch.sigmoid(x)'),
  unary((x) => x.sin(), 'torch.sin(x)'),
  unary((x) => x.relu(), 'torch.relu(x)'),
  unary((x) => x.neg(), '(-x)'),
  unary((x) => x.mul(0.5), '(x * 0.5)'),
  unary((x) => x.add(-0.75), '(x + -0.75)'),
  unary((x) => x.clamp(-1.5, 1.25), 'x.clamp(-1.5, 1.25)'),
  unary((x) => x.mul(1).mul_(0.25).add_(1), '(x * 1).mul_(0.25).add_(1)'),
  unary((x) => x.reshape(-1), 'x.reshape(-1)'),
  broadcasting(
    (a, b) => a.add(b),
    (a, b) => `(${a} + ${b})`,
  ),
  broadcasting(
    (a, b) => a.sub(b),
    (a, b) => `(${a} - ${b})`,
  ),
  broadcasting(
    (a, b) => a.mul(b).tanh(),
    (a, b) => `torch.tanh(${a} * ${b})`,
  ),
  broadcasting(
    (a, b) => a.div(b.abs().add(1)),
    (a, b) => `(${a} / (${b}.abs() + 1))`,
  ),
  broadcasting(
    (a, b) => torch.where(a.gt(0.1), a, b),
    (a, b) => `torch.where(${a} > 0.1, ${a}, ${b})`,
  ),
  along(
    (x, dim) => x.softmax(dim),
    (x, dim) => `${x}.softmax(${dim})`,
  ),
  along(
    (x, dim) => x.mean(dim),
    (x, dim) => `${x}.mean(${dim})`,
  ),
  along(
    (x, dim) => x.sum(dim, { keepdim: true }).mul(0.3),
    (x, dim) => `(${x}.sum(${dim}, keepdim=True) * 0.3)`,
  ),
  along(
    (x, dim) => x.amax(dim),
    (x, dim) => `${x}.amax(${dim})`,
  ),
  along(
    (x, dim, size) => x.slice(dim, size > 1 ? 1 : 0),
    (x, dim, size) => `${x}.narrow(${dim}, ${size > 1 ? 1 : 0}, ${size > 1 ? size - 1 : size})`,
  ),
  along(
    (x, dim) => x.slice(dim, 0, Infinity, 2),
    (x, dim, size) => `${x}.index_select(${dim}, torch.arange(0, ${size}, 2))`,
  ),
  along(
    (x, dim) => x.flip(dim),
    (x, dim) => `${x}.flip(${dim})`,
  ),
  along(
    (x, dim) => x.unsqueeze(dim),
    (x, dim) => `${x}.unsqueeze(${dim})`,
  ),
  along(
    (x, dim, size) => x.select(dim, size - 1),
    (x, dim) => `${x}.select(${dim}, -1)`,
  ),
  along(
    (x, dim) => x.sort(dim).values,
    (x, dim) => `${x}.sort(dim=${dim}, stable=True)[0]`,
  ),
  along(
    (x, dim) => torch.cat([x, x.mul(-1)], dim),
    (x, dim) => `torch.cat((${x}, ${x} * -1), ${dim})`,
  ),
  along(
    (x, dim) => x.roll(1, dim),
    (x, dim) => `${x}.roll(1, ${dim})`,
  ),
  along(
    (x, dim, size) => x.indexSelect(dim, torch.tensor([0, size - 1, 0], { dtype: 'int32', device: x.device })),
    (x, dim, size) => `${x}.index_select(${dim}, torch.tensor([0, ${size - 1}, 0]))`,
  ),
  along(
    (x, dim) => x.transpose(0, dim),
    (x, dim) => `${x}.transpose(0, ${dim})`,
  ),
  {
    operands: 1,
    draw: ([shape]) =>
      shape.length >= 2
        ? { ours: (x) => x.matmul(x.mT).tanh(), python: (x) => `torch.tanh(${x} @ ${x}.mT)` }
        : undefined,
  },
  {
    operands: 2,
    draw: ([a, b]) =>
      a.length === 2 && b.length === 2 && a[1] === b[0]
        ? { ours: (x, y) => x.matmul(y).mul(0.2), python: (x, y) => `((${x} @ ${y}) * 0.2)` }
        : undefined,
  },
];

/** The case that a seed makes. Its title carries the seed. */
export function fuzzCase(seed: number): Case {
  const g = new Generator(seed);
  const draw: Draw = (count) => randint(g, 1, 0, count)[0];
  const inputs = Object.fromEntries(Array.from({ length: 2 + draw(2) }, (_, i) => [`x${i}`, randomInput(draw)]));
  const names = Object.keys(inputs);
  const calls: { args: number[]; call: Call }[] = [];
  const shapes: Shape[] = Object.values(inputs).map((x) => x.shape);
  const operations = 1 + draw(mostOperations);
  while (calls.length < operations) {
    const kind = kinds[draw(kinds.length)];
    const args = Array.from({ length: kind.operands }, () => draw(shapes.length));
    const call = kind.draw(
      args.map((a) => shapes[a]),
      draw,
    );
    if (!call) continue;
    const shape = call.ours(...args.map((a) => torch.zeros(shapes[a]))).node.shape;
    if (shape.length > 4 || shape.reduce((a, b) => a * b, 1) > 400) continue;
    calls.push({ args, call });
    shapes.push(shape);
  }
  const ours = (given: Record<string, Tensor>): Tensor => {
    const values = names.map((name) => given[name]);
    for (const { args, call } of calls) values.push(call.ours(...args.map((a) => values[a])));
    return values.at(-1)!;
  };
  const nameOf = (i: number): string => (i < names.length ? names[i] : `t${i}`);
  const steps = calls.map(({ args, call }, i) => `${nameOf(names.length + i)} := ${call.python(...args.map(nameOf))}`);
  // Values and incoming gradients are of magnitude 1; in gradients they may cancel to nearly 0, and their rounding
  // errors stay.
  return { op: 'fuzz', name: `seed ${seed}`, inputs, ours, python: `[${steps.join(', ')}][-1]`, length: 400, scale: 1 };
}

const sizes = [1, 2, 3, 5];

function randomInput(draw: Draw): Input {
  const shape = Array.from({ length: 1 + draw(3) }, () => sizes[draw(sizes.length)]);
  const x = f32(shape);
  return [x, permuted(x), stepped(x)][draw(3)];
}
