/**
 * @file Intent: a whole number that PyTorch has in int64 and 32 bits do not hold is an error at the line that recorded
 * it, wherever and however it is computed, and whatever is made of it; no other number may stand for it. What is int32
 * in PyTorch wraps as it does there.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { Session } from '../../src/session/session.ts';
import * as torch from '../../src/torch/torch.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

const most = 2 ** 31 - 1;

/** Programs whose third line is wrong. `x` is int32 [most, 5]. */
const wrong: readonly (readonly [string, string])[] = [
  ['a sum', 'const s = x.sum()\nawait s.item()'],
  ['a product', 'const s = x.prod()\nawait s.item()'],
  ['running sums', 'const s = x.cumsum(0)\nawait s.data()'],
  ['running products', 'const s = x.cumprod(0)\nawait s.data()'],
  ['a negative sum', 'const s = x.neg().sum()\nawait s.item()'],
  ['of many, by several workgroups', 'const s = x.index(1).mul(900_000).expand(20_000).sum()\nawait s.item()'],
  ['of many, by one workgroup', 'const s = x.index(1).mul(900_000).expand(3, 1000).sum(1)\nawait s.data()'],
  ['running sums of many', 'const s = x.index(1).mul(900_000).expand(3, 1000).cumsum(1)\nawait s.data()'],
  ['what is made of it', 'const s = x.sum()\nconst y = s.gt(0).float().add(1)\nawait y.item()'],
  [
    'what is computed of it later',
    'const s = x.sum()\nawait s.gt(0).item().catch(() => {})\nconst y = s.mul(2)\nawait y.item()',
  ],
  ['asked for again', 'const s = x.sum()\nawait s.item().catch(() => {})\nawait s.item()'],
  [
    'on its way to the other device',
    "const s = x.sum()\nawait s.to(x.device.type === 'cpu' ? 'webgpu' : 'cpu').add(1).item()",
  ],
  ['compiled', 'const f = torch.compile((v) => v.add(0).sum().float().mul(2))\nconst s = f(x)\nawait s.item()'],
  ['beside one that fits', 'const s = x.sum()\nconst fine = x.sub(x).sum()\nawait fine.item()\nawait s.item()'],
  ['computed along', 'const s = x.sum()\nawait x.amax().item()\nawait torch.sync()\nawait s.item()'],
  [
    'added up in place by a program that never awaits',
    `const total = torch.zeros(1, { device: x.device }); const s = () => total.add_(x.sum())
const w = new torch.nn.Parameter(torch.ones(1, { device: x.device }))
const opt = new torch.optim.SGD([w], { lr: 0.1 })
for (let i = 0; i < 40; i++) { s(); w.sum().backward(); opt.step(); opt.zeroGrad() }
await total.item()`,
  ],
];

/** What is told of which expression. `x` is int32 [2e9, 1e8], `long` the same as int64. */
const arithmetic: readonly (readonly [says: string, program: string])[] = [
  ['mul: a result is about 6300000000', 'x.sum().mul(3)'],
  ['mul: a result is about 6300000000', 'x.sum().mul(3).div(2)'],
  ['mul: a result is about 2147490000', 'torch.arange(46342).to(x.device).mul(46341)'], // the last one alone
  ['mul: a result is about 1099510000000', 'x.float().neg().argmax().mul(2 ** 20).mul(2 ** 20)'],
  ['add: a result is about 4200000000', 'x.sum().add(x.sum())'],
  ['add: a result is about 4000000000', 'long.add(2_000_000_000)'],
  ['add: a result is about 4000000000', 'long.add_(long)'],
  ['sub: a result is about -4000000000', 'long.neg().sub(long)'],
  ['neg: a result is about 2147480000', 'long.mul(0).sub(2 ** 31 - 1).sub(1).neg()'],
  ['abs: a result is about 2147480000', 'long.mul(0).sub(2 ** 31 - 1).sub(1).abs()'],
  ['floorDivide: a result is about 2147480000', 'long.mul(0).sub(2 ** 31 - 1).sub(1).floorDivide(-1)'],
  ['square: a result is about 4000000000000000000', 'long.square()'],
  ['pow: a result is about 4410000000000000000', 'x.sum().pow(2)'],
  ['pow: a result is about 2147490000', 'long.mul(0).add(46341).pow(2)'],
  ['addcmul: a result is about 4000000000000000000', 'torch.addcmul(long, long, long)'],
  ['cumsum: a result is beyond', 'x.cumsum(0).cumsum(0)'],
  ['add: a result is about 4100000000', 'long.indexAdd(0, x.mul(0), long)'],
  ['mul: a result is about 4000000000', 'torch.stack([long, long]).t().index(0).clone().contiguous().mul(2)'],
  ['mul: a result is about 4000000000', 'torch.cat([long, x]).mul(2)'],
  ['mul: a result is about 4000000000', 'torch.where(x.gt(0), long, x).mul(2)'],
  ['mul: a result is about 4000000000', 'long.gather(0, x.mul(0)).mul(2)'],
  ['mul: a result is about 4000000000', 'x.long().mul(2)'],
  ['mul: a result is about 4000000000', "x.to('int64').mul(2)"],
  ['mul: a result is about 4000000000', 'x.to(long.dtype).mul(2)'],
  ['mul: a result is about 4000000000', 'long.amax().mul(2)'],
  ['mul: a result is about 4000000000', 'long.sort().values.mul(2)'],
  ['mul: a result is about 6000000000', 'x.gt(0).mul(2_000_000_000).mul(3)'],
  ['to: 3000000000', 'x.float().mul(1.5).long()'],
  ['to: 3000000000', "x.float().mul(1.5).sum({ dtype: 'int64' })"],
  ['mul: a result is about 4000000000', 'torch.compile((v) => v.sub(1).add(1).mul(2))(long)'],
  ['mul: a result is about 6300000000', 'torch.compile((v) => v.sum().mul(3).float())(x)'],
  ['3000000000 is beyond int64', 'long.add(3e9)'],
];

const run = (device: string, program: string, numbers = [most, 5]) =>
  new Session({ versions: {} }).run(
    `import { torch } from 'wudnn'\nconst x = torch.tensor([${numbers.join(', ')}], { dtype: 'int32', device: '${device}' })\n${program}\n`,
    { console: () => {}, progress: () => {} },
  );

const programs = (device: 'cpu' | 'webgpu'): void => {
  test.each(wrong)(`%s on ${device}`, async (_, program) => {
    expect(await run(device, program)).toMatchObject({
      ok: false,
      error: {
        line: 3,
        message: expect.stringMatching(/(sum|prod): a result is beyond int32.*int64 has 32 bits here.*x\.float\(\)/),
      },
    });
  });

  test.each(arithmetic)(`%s: %s on ${device}`, async (says, program) => {
    const lines = `const long = x.long()\nawait (${program}).data()`;
    expect(await run(device, lines, [2e9, 1e8])).toMatchObject({
      ok: false,
      error: { line: 4, message: expect.stringContaining(says) },
    });
  });

  test(`what wraps in PyTorch wraps on ${device}`, async () => {
    const x = torch.tensor([2e9, 1e8], { dtype: 'int32', device });
    const numbers = async (y: torch.Tensor): Promise<unknown> => [y.dtype, ...(await y.data())];
    expect(await numbers(x.mul(3))).toEqual(['int32', 1705032704, 300000000]);
    expect(await numbers(x.add(x.sum()))).toEqual(['int32', -194967296, -2094967296]);
    expect(await numbers(x.long().int().mul(3))).toEqual(['int32', 1705032704, 300000000]);
    expect(await numbers(x.index(0).mul(x.index(1)))).toEqual(['int32', Math.imul(2e9, 1e8)]);
  });

  test(`what does not depend on it on ${device}`, async () => {
    const x = torch.tensor([most, 5], { dtype: 'int32', device });
    const [s, fine] = [x.sum(), x.sub(x).sum()];
    await expect(s.item()).rejects.toThrow(/beyond int32/);
    expect(await fine.add(1).item()).toBe(1);
    expect(await x.float().sum().item()).toBe(2 ** 31); // rounded, as PyTorch's float32 is
    expect(await x.sum({ dtype: 'float32' }).item()).toBe(2 ** 31);
    await expect(s.item()).rejects.toThrow(/beyond int32/);
  });
};

describe('the cpu reference', () => {
  programs('cpu');

  test('a matrix product', async () => {
    const x = torch.tensor([2e6, 1e5], { dtype: 'int64' });
    await expect(x.matmul(x).item()).rejects.toThrow('matmul: a result is about 4010000000000, beyond int32');
    await expect(torch.einsum('i,j->ij', x, x).data()).rejects.toThrow('matmul: a result is about 4000000000000');
    const [most, there] = [torch.tensor([2e9, -2e9, 5]).long(), torch.tensor([3, 3, 7]).long()];
    expect(await most.matmul(there).item()).toBe(35);
  });
});

describeWith(['adapter'], 'the GPU', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());
  programs('webgpu');

  test('a program that never awaits keeps nothing for its sums', async () => {
    const x = torch.tensor([3, 4], { dtype: 'int32', device: 'webgpu' });
    const total = torch.zeros(1, { dtype: 'int32', device: 'webgpu' });
    const w = new torch.nn.Parameter(torch.ones(1, { device: 'webgpu' }));
    const opt = new torch.optim.SGD([w], { lr: 0.5 });
    const steps = 1500;
    for (let i = 0; i < steps; i++) {
      total.add_(x.sum());
      opt.zeroGrad();
      w.sum().backward();
      void opt.step();
    }
    expect(await total.item()).toBe(7 * steps);
    expect(engine.memory.buffers).toBeLessThan(200);
  });
});
