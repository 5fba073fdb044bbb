/**
 * @file Random programs of training: steps, updates in place, copies, views and reads in any order, awaited or not. A
 * seed makes one, for this library and for PyTorch; each gives the numbers that it reads, in the order of reading.
 */
import { Generator, randint } from '../../src/base/random.ts';
import type { Tensor } from '../../src/torch/tensor.ts';
import * as torch from '../../src/torch/torch.ts';

interface World {
  readonly parameters: readonly Tensor[];
  readonly optimizer: { zeroGrad(): void; step(): Promise<void> };
  readonly values: Tensor[];
  /** Not awaited before the end: reading may go on while the program does. */
  readonly read: Promise<ArrayLike<number>>[];
}

/** A line of a program; `ours` may give a promise, which is awaited. */
interface Line {
  readonly python: string;
  readonly ours: (world: World) => unknown;
}

type Draw = (count: number) => number;

const lines = 40;

export interface FuzzProgram {
  readonly python: string;
  run(device: 'cpu' | 'webgpu'): Promise<number[][]>;
}

/** The program that a seed makes. */
export function fuzzProgram(seed: number): FuzzProgram {
  const g = new Generator(seed);
  const draw: Draw = (count) => randint(g, 1, 0, count)[0];
  const adam = draw(2) === 0;
  const awaits = draw(3); // never, sometimes, at every step
  let count = 2;
  const body: Line[] = [];
  for (let i = 0; i < lines; i++) {
    const line = kinds[draw(kinds.length)](draw, count, awaits === 2 || (awaits === 1 && draw(2) === 0));
    body.push(line);
    if (line.python.startsWith('v.append')) count++;
  }
  const python = [
    'p = [torch.arange(6.).reshape(2, 3).div(8).requires_grad_(), torch.full((2, 3), 0.5, requires_grad=True)]',
    `o = torch.optim.${adam ? 'Adam(p, lr=0.05)' : 'SGD(p, lr=0.05, momentum=0.5)'}`,
    'v, r = [torch.ones(2, 3), torch.arange(6.).reshape(2, 3)], []',
    ...body.map((line) => line.python),
    'for x in [*v, *p, *[q.grad for q in p if q.grad is not None]]: r.append(x.detach().flatten().tolist())',
  ].join('\n');
  const run = async (device: 'cpu' | 'webgpu'): Promise<number[][]> => {
    const grid = (): Tensor => torch.arange(6, { dtype: 'float32' }).reshape(2, 3).to(device);
    const parameters = [grid().div(8).detach().requiresGrad_(), torch.full([2, 3], 0.5).to(device).requiresGrad_()];
    const optimizer = adam
      ? new torch.optim.Adam(parameters, { lr: 0.05 })
      : new torch.optim.SGD(parameters, { lr: 0.05, momentum: 0.5 });
    const world: World = { parameters, optimizer, values: [torch.ones(2, 3).to(device), grid()], read: [] };
    for (const line of body) {
      const result = line.ours(world);
      if (result instanceof Promise) await result;
    }
    for (const x of [...world.values, ...parameters, ...parameters.flatMap((p) => p.grad ?? [])])
      world.read.push(x.data());
    return (await Promise.all(world.read)).map((numbers) => Array.from(numbers));
  };
  return { python, run };
}

const plain = (python: string, ours: Line['ours']): Line => ({ python, ours: (world) => void ours(world) });

const kinds: readonly ((draw: Draw, count: number, awaited: boolean) => Line)[] = [
  // steps, with gradients taken away before or left to accumulate; the loss is a value too
  ...[true, true, false].map((clears) => (draw: Draw, count: number, awaited: boolean): Line => {
    const c = draw(count);
    return {
      python: `v.append(step(p, o, v[${c}], ${clears ? 'True' : 'False'}))`,
      ours: ({ parameters: [a, b], optimizer, values }) => {
        if (clears) optimizer.zeroGrad();
        const target = values[c].detach().tanh();
        const loss = a.sub(target).square().sum().add(b.mul(a).sub(0.1).square().mean());
        loss.backward();
        values.push(loss.detach());
        const done = optimizer.step();
        return awaited ? done : undefined;
      },
    };
  }),
  (draw) => {
    const i = draw(2);
    return plain(`v.append(p[${i}].detach().clone())`, ({ parameters, values }) =>
      values.push(parameters[i].detach().clone()),
    );
  },
  (draw) => {
    const i = draw(2);
    return plain(`v.append(p[${i}].detach())`, ({ parameters, values }) => values.push(parameters[i].detach()));
  },
  (draw) => {
    const i = draw(2);
    return plain(`v.append(p[${i}].detach().select(0, 1))`, ({ parameters, values }) =>
      values.push(parameters[i].detach().select(0, 1)),
    );
  },
  (draw) => {
    const i = draw(2);
    return plain(
      `v.append(p[${i}].grad.norm() if p[${i}].grad is not None else torch.zeros(()))`,
      ({ parameters, values }) => values.push(parameters[i].grad?.norm() ?? torch.zeros([]).to(parameters[i].device)),
    );
  },
  (draw, count) => {
    const [a, b] = [draw(count), draw(count)];
    return plain(`v.append(v[${a}].tanh() + v[${b}].mean())`, ({ values }) =>
      values.push(values[a].tanh().add(values[b].mean())),
    );
  },
  (draw, count) => {
    const a = draw(count);
    return plain(`v.append(v[${a}].flatten()[:1].clone())`, ({ values }) =>
      values.push(values[a].flatten().slice(0, 0, 1).clone()),
    );
  },
  (draw, count) => {
    const [a, b] = [draw(count), draw(count)];
    return plain(`v[${a}].mul_(0.5).add_(v[${b}].mean(), alpha=0.25)`, ({ values }) =>
      values[a].mul_(0.5).add_(values[b].mean(), { alpha: 0.25 }),
    );
  },
  (draw, count) => {
    const a = draw(count);
    return plain(`v[${a}].reshape(-1)[0:1].fill_(0.75)`, ({ values }) =>
      values[a].reshape(-1).slice(0, 0, 1).fill_(0.75),
    );
  },
  (draw, count) => {
    const [i, a] = [draw(2), draw(count)];
    return plain(
      `with torch.no_grad(): p[${i}].mul_(0.9).sub_(v[${a}].tanh().mean(), alpha=0.1)`,
      ({ parameters, values }) =>
        torch.noGrad(() => parameters[i].mul_(0.9).sub_(values[a].tanh().mean(), { alpha: 0.1 })),
    );
  },
  (draw) => {
    const i = draw(2);
    return plain(`p[${i}].grad is not None and p[${i}].grad.mul_(0.5)`, ({ parameters }) =>
      parameters[i].grad?.mul_(0.5),
    );
  },
  (draw, count, awaited) => {
    const a = draw(count);
    return {
      python: `r.append(v[${a}].flatten().tolist())`,
      ours: ({ values, read }) => {
        const data = values[a].data();
        read.push(data);
        return awaited ? data : undefined;
      },
    };
  },
];

/** What the Python side needs beside the program. */
export const pythonPrelude = `
import torch, json
def step(p, o, c, clears):
    if clears: o.zero_grad(set_to_none=True)
    loss = (p[0] - c.detach().tanh()).square().sum() + (p[1] * p[0] - 0.1).square().mean()
    loss.backward()
    o.step()
    return loss.detach()
`;
