/**
 * @file Random chains of integer operations on the dtypes that PyTorch gives them: a seed makes one, for this library
 * and for PyTorch. Each step's dtype and numbers are PyTorch's, or it is refused on both sides: by PyTorch, or because
 * an int64 number is beyond 32 bits.
 */
import { Generator, randint } from '../../src/base/random.ts';
import type { Tensor } from '../../src/torch/tensor.ts';
import * as torch from '../../src/torch/torch.ts';
import { runPython } from '../support/python.ts';

type Draw = (count: number) => number;

/** A step on two of the values so far. */
interface Step {
  readonly python: string;
  readonly ours: (x: Tensor, y: Tensor) => Tensor;
}

export interface IntegerProgram {
  readonly seed: number;
  readonly start: readonly (readonly [dtype: 'int32' | 'int64' | 'uint8', numbers: readonly number[]])[];
  readonly steps: readonly (Step & { readonly operands: readonly [number, number] })[];
}

const refused = 'refused';
const length = 12;
const size = 5;

const step =
  (python: string, ours: Step['ours']): (() => Step) =>
  () => ({ python, ours });

const kinds: readonly ((draw: Draw) => Step)[] = [
  step('x + y', (x, y) => x.add(y)),
  step('x - y', (x, y) => x.sub(y)),
  step('x * y', (x, y) => x.mul(y)),
  step('x.sum()', (x) => x.sum()),
  step('x.cumsum(0)', (x) => x.cumsum(0)),
  step('x.square()', (x) => x.square()),
  step('x ** 2', (x) => x.pow(2)),
  step('-x', (x) => x.neg()),
  step('x.abs()', (x) => x.abs()),
  step('x.argmax()', (x) => x.argmax()),
  step('x.argsort(stable=True)', (x) => x.argsort(-1, { stable: true })),
  step('x.long()', (x) => x.long()),
  step('x.int()', (x) => x.int()),
  step('x.float().long()', (x) => x.float().long()),
  step('(x > y) * 3', (x, y) => x.gt(y).mul(3)),
  step('torch.where(x > y, x, y)', (x, y) => torch.where(x.gt(y), x, y)),
  step('torch.maximum(x, y)', (x, y) => torch.maximum(x, y)),
  step('x.flip(0).contiguous()', (x) => x.flip(0).contiguous()),
  step('torch.stack([x, x])[1].clone()', (x) => torch.stack([x, x]).index(1).clone()),
  step('x.flatten().scatter_add(0, x.argmax().expand(x.numel()), x.flatten())', (x) =>
    x.flatten().scatterAdd(0, x.argmax().expand(x.numel()), x.flatten()),
  ),
  step('torch.addcmul(x, x, y)', (x, y) => torch.addcmul(x, x, y)),
  ...[2, 3, 7, 1000, 70000, -5].flatMap((n) => [
    step(`x * ${n}`, (x) => x.mul(n)),
    step(`x + ${n}`, (x) => x.add(n)),
    step(`x // ${n}`, (x) => x.floorDivide(n)),
    step(`x.clone().add_(${n})`, (x) => x.clone().add_(n)),
    step(`x % ${n}`, (x) => x.remainder(n)),
  ]),
  (draw) => {
    const end = 1 + draw(size);
    const by = draw(2 ** 20);
    return {
      python: `torch.arange(${end}) * ${by} + x.sum()`,
      ours: (x) => torch.arange(end).to(x.device).mul(by).add(x.sum()),
    };
  },
];

export function integerProgram(seed: number): IntegerProgram {
  const g = new Generator(seed);
  const draw: Draw = (count) => randint(g, 1, 0, count)[0];
  const numbers = (): number[] => {
    const scale = [10, 2 ** 16, 2 ** 31][draw(3)];
    return Array.from({ length: size }, () => Math.floor((draw(2 ** 30) / 2 ** 30 - 0.5) * scale));
  };
  const start = [
    ['int32', numbers()],
    ['int64', numbers()],
    ['uint8', numbers().map((v) => v & 255)],
  ] as const;
  const steps = Array.from({ length }, (_, i) => ({
    ...kinds[draw(kinds.length)](draw),
    operands: [draw(start.length + i), draw(start.length + i)] as const,
  }));
  return { seed, start, steps };
}

/** A step that is refused counts as the first value for those behind it. */
async function ownAnswers({ start, steps }: IntegerProgram, device: 'cpu' | 'webgpu'): Promise<string[]> {
  const values = start.map(([dtype, numbers]) => torch.tensor([...numbers], { dtype }).to(device));
  const answers: string[] = [];
  for (const { ours, operands } of steps) {
    let value = values[0];
    let answer = refused;
    try {
      const made = ours(values[operands[0]], values[operands[1]]);
      answer = `${made.dtype} ${(await made.data()).join(',')}`;
      value = made;
    } catch {}
    values.push(value);
    answers.push(answer);
  }
  return answers;
}

const prelude = `
import torch, json
def answers(start, steps):
    v = [torch.tensor(numbers, dtype=getattr(torch, dtype)) for dtype, numbers in start]
    found = []
    for text, a, b in steps:
        value, answer = v[0], '${refused}'
        try:
            y = eval(text, {'torch': torch, 'x': v[a], 'y': v[b]})
            if not (y.dtype == torch.int64 and ((y > 2 ** 31 - 1) | (y < -(2 ** 31))).any()):
                numbers = y.flatten().int().tolist()
                value, answer = y, f'{str(y.dtype).split(".")[1]} {",".join(map(str, numbers))}'
        except RuntimeError:
            pass
        v.append(value)
        found.append(answer)
    return found
`;

/** Where the programs' answers differ from PyTorch's. */
export async function integerDifferences(
  programs: readonly IntegerProgram[],
  device: 'cpu' | 'webgpu',
): Promise<{ refusals: number; found: string[] }> {
  const asked = programs.map(({ start, steps }) => [start, steps.map(({ python, operands }) => [python, ...operands])]);
  const text = `${prelude}\nimport sys\nprint(json.dumps([answers(*p) for p in json.load(sys.stdin)]))`;
  const expected = JSON.parse(String(await runPython(text, JSON.stringify(asked)))) as string[][];
  const found: string[] = [];
  for (const [i, program] of programs.entries()) {
    const own = await ownAnswers(program, device);
    own.forEach((answer, n) => {
      if (answer !== expected[i][n])
        found.push(`seed ${program.seed}, ${program.steps[n].python}: ${answer}, in PyTorch ${expected[i][n]}`);
    });
  }
  return { refusals: expected.flat().filter((answer) => answer === refused).length, found };
}
