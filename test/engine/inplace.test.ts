/**
 * @file Intent: in-place operations follow PyTorch's rules: what shares memory sees them, autograd refuses what it
 * cannot follow, at the line or at backward, and what is allowed stays right without a copy.
 */
import { describe, expect, test } from 'vitest';
import * as torch from '../../src/torch/torch.ts';

const leaf = (values: number[]): torch.Tensor => torch.tensor(values, { requiresGrad: true });

describe('memory', () => {
  test('a view changes its base, and the base its view, before and after values are read', async () => {
    const x = torch.arange(6, { dtype: 'float32' }).reshape(2, 3);
    await x.data();
    const row = x.select(0, 1);
    row.fill_(9);
    expect(await x.tolist()).toEqual([
      [0, 1, 2],
      [9, 9, 9],
    ]);
    x.mul_(2);
    expect(await row.tolist()).toEqual([18, 18, 18]);
    expect(await x.tolist()).toEqual([
      [0, 2, 4],
      [18, 18, 18],
    ]);
  });

  test('a clone and the result of an operation have memory of their own', async () => {
    const x = torch.ones(3);
    const [copy, sum] = [x.clone(), x.add(0)];
    x.zero_();
    expect([await x.tolist(), await copy.tolist(), await sum.tolist()]).toEqual([
      [0, 0, 0],
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });

  test('what was computed before a change keeps the old numbers, however late it is read', async () => {
    const x = torch.ones(2);
    const before = x.mul(5);
    for (let i = 0; i < 4; i++) x.add_(1);
    expect([await before.tolist(), await x.tolist()]).toEqual([
      [5, 5],
      [5, 5],
    ]);
  });

  test('a copied tensor is not tied to its source', async () => {
    const [x, y] = [torch.zeros(2), torch.ones(2)];
    x.copy_(y);
    x.add_(1);
    expect([await x.tolist(), await y.tolist()]).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });

  test('a reshape that must copy does not share', async () => {
    const x = torch.arange(6, { dtype: 'float32' }).reshape(2, 3);
    x.t().reshape(6).zero_();
    expect(await x.tolist()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect([x.isContiguous(), x.t().isContiguous(), x.t().contiguous().isContiguous()]).toEqual([true, false, true]);
  });

  test('a copy does not share, wherever its elements come from', async () => {
    const x = torch.arange(6, { dtype: 'float32' }).reshape(2, 3);
    for (const copy of [
      x.flip(0),
      x.roll(1, 0),
      x.t().contiguous(),
      x.int().float().floor(),
      torch.cat([x]),
      x.repeat(1, 1),
      x.tril(),
    ])
      copy.add_(10);
    expect(await x.tolist()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  test('gradients of a copy do not mind what happens to its source', async () => {
    const w = leaf([1, 2]);
    const x = w.mul(1);
    const y = x.flip(0);
    const z = y.mul(y);
    x.add_(5);
    z.sum().backward();
    expect(await w.grad!.tolist()).toEqual([2, 4]);
  });

  test('an update by assignment reaches views too', async () => {
    const p = leaf([1, 2]);
    const seen = p.detach();
    torch.noGrad(() => p.sub_(1));
    expect(await seen.tolist()).toEqual([0, 1]);
    seen.fill_(7);
    expect(await p.tolist()).toEqual([7, 7]);
    expect([p.isLeaf, p.requiresGrad]).toEqual([true, true]);
    p.mul(p).sum().backward();
    expect(await p.grad!.tolist()).toEqual([14, 14]);
  });
});

describe('every form with an underscore', () => {
  const ones = torch.ones(3);
  const places = torch.tensor([2, 0], { dtype: 'int32' });
  const rows = torch.tensor([
    [0.5, 1, 2],
    [3, 4, 5],
  ]);
  /** What a form takes beside the tensor; the others take nothing. */
  const given: Readonly<Record<string, readonly unknown[]>> = {
    add: [ones, { alpha: 2 }],
    sub: [ones],
    mul: [ones.mul(3)],
    div: [ones.mul(4)],
    pow: [2],
    remainder: [0.7],
    fmod: [0.7],
    floorDivide: [0.3],
    addcdiv: [ones, ones.mul(2), { value: 0.5 }],
    addcmul: [ones, ones, { value: 0.5 }],
    lerp: [torch.zeros(3, 3), 0.25],
    atan2: [ones],
    hypot: [ones],
    xlogy: [ones.mul(2)],
    addmm: [torch.ones(3, 2), torch.ones(2, 3)],
    addmv: [torch.ones(3, 2), torch.ones(2)],
    baddbmm: [torch.ones(3, 3, 2), torch.ones(3, 2, 3)],
    clamp: [0.4, 1.1],
    clampMin: [0.6],
    clampMax: [0.9],
    indexAdd: [0, places, rows],
    indexCopy: [0, places, rows],
    indexFill: [0, places, 7],
    indexPut: [[places], rows],
    maskedScatter: [rows.select(0, 0).gt(0.6), rows],
    maskedFill: [rows.select(0, 0).gt(0.6), 7],
    scatter: [0, places.reshape(2, 1), rows],
    scatterAdd: [0, places.reshape(2, 1), rows],
  };
  const forms = Object.getOwnPropertyNames(torch.Tensor.prototype).filter(
    (name) => name.endsWith('_') && name.slice(0, -1) in torch.Tensor.prototype && name !== 'requiresGrad_',
  );
  const shapes: Readonly<Record<string, readonly number[]>> = { addmv: [3], baddbmm: [3, 3, 3] };
  const input = (name: string): torch.Tensor => {
    const shape = shapes[name] ?? [3, 3];
    const numbers = torch.linspace(-0.8, 1.4, 3 ** shape.length).reshape(shape);
    return name === 'nanToNum' ? numbers.log() : numbers; // something that changes
  };

  test.each(forms.map((name) => name.slice(0, -1)))(
    '%s_ gives what it gives without, and its gradient',
    async (name) => {
      const call = (x: torch.Tensor, form: string): torch.Tensor =>
        (x as unknown as Record<string, (...rest: unknown[]) => torch.Tensor>)[form](...(given[name] ?? []));
      const [a, b] = [input(name).detach().requiresGrad_(), input(name).detach().requiresGrad_()];
      const changed = b.clone();
      expect(call(changed, `${name}_`)).toBe(changed);
      const result = call(a, name);
      expect(await changed.tolist()).toEqual(await result.tolist());
      expect(await changed.equal(b.detach())).toBe(false);
      if (!result.requiresGrad) return; // floorDivide has no gradient
      result.sum().backward();
      changed.sum().backward();
      expect(await b.grad!.tolist()).toEqual(await a.grad!.tolist());
    },
  );
});

describe('errors at the line', () => {
  test.each([
    [
      'a leaf that requires a gradient',
      () => leaf([1]).add_(1),
      'add_: a leaf that requires a gradient cannot be changed in place',
    ],
    [
      'a view of one',
      () => leaf([1, 2]).slice(0, 1).zero_(),
      'zero_: this is a view of a leaf that requires a gradient',
    ],
    [
      'a larger result',
      () => torch.ones(3).add_(torch.ones(2, 3)),
      'add_: the result has shape [2, 3] and the tensor [3]',
    ],
    [
      'a dtype of a higher kind',
      () => torch.ones(2, { dtype: 'int32' }).mul_(1.5),
      'mul_: a result of dtype float32 cannot be stored in a tensor of int32',
    ],
    [
      'repeated memory',
      () => torch.ones(1, 2).expand(3, 2).add_(1),
      'add_: several elements of this tensor are one in memory',
    ],
    [
      'overlapping windows',
      () => torch.ones(5).unfold(0, 3, 1).zero_(),
      'zero_: several elements of this tensor are one in memory',
    ],
    ['a value with dimensions', () => torch.ones(2).fill_(torch.ones(2)), 'fill_: the value has shape [2]'],
  ])('%s', (_, act, message) => expect(act).toThrow(message));
});

describe('errors at backward', () => {
  test.each([
    [
      'exp needs its result',
      (x: torch.Tensor) => {
        const y = x.exp();
        const z = y.mul(1);
        y.add_(1);
        return z;
      },
      'exp',
    ],
    [
      'mul needs its operand',
      (x: torch.Tensor) => {
        const y = x.mul(1);
        const z = y.mul(y);
        y.add_(1);
        return z;
      },
      'mul',
    ],
    [
      'through a view',
      (x: torch.Tensor) => {
        const y = x.mul(1);
        const z = y.mul(y);
        y.select(0, 0).zero_();
        return z;
      },
      'mul',
    ],
    [
      'through the base',
      (x: torch.Tensor) => {
        const y = x.mul(1);
        const v = y.slice(0, 1);
        const z = v.mul(v);
        y.zero_();
        return z;
      },
      'mul',
    ],
    ['relu_ twice', (x: torch.Tensor) => x.mul(1).sigmoid_().mul_(3), 'sigmoid'],
    [
      'without recording',
      (x: torch.Tensor) => {
        const y = x.exp();
        torch.noGrad(() => y.add_(1));
        return y;
      },
      'exp',
    ],
  ])('%s', (_, make, operation) => {
    expect(() =>
      make(leaf([1, 2]))
        .sum()
        .backward(),
    ).toThrow(
      new RegExp(`backward: ${operation} needs a tensor of shape \\[.*\\] that \\w+_ has changed in place since`),
    );
  });

  test.each([
    [
      'add needs nothing',
      (x: torch.Tensor) => {
        const y = x.mul(2);
        const z = y.add(1);
        y.mul_(5);
        return z.add(y);
      },
      [12, 12],
    ],
    ['an operation may overwrite what it read', (x: torch.Tensor) => x.mul(1).mul_(x), [2, 4]],
    [
      'a change without recording keeps the history',
      (x: torch.Tensor) => {
        const y = x.mul(3);
        torch.noGrad(() => y.add_(1));
        return y;
      },
      [3, 3],
    ],
    ['fill_ cuts the gradient to zero', (x: torch.Tensor) => x.mul(3).fill_(1), [0, 0]],
  ])('%s', async (_, make, gradient) => {
    const x = leaf([1, 2]);
    make(x).sum().backward();
    expect(await x.grad!.tolist()).toEqual(gradient);
  });
});
