/**
 * @file Intent: an integer sum or product that int32 cannot hold is an error at the line that recorded it, wherever and however it is
 * computed, and whatever is made of it; PyTorch's is an int64 number, and no other number may stand for it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { Session } from '../../src/session/session.ts';
import * as torch from '../../src/torch/torch.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

const most = 2 ** 31 - 1;

/** Programs whose third line is wrong. `x` is [most, 5]. */
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

const run = (device: string, program: string) =>
  new Session({ versions: {} }).run(
    `import { torch } from 'wudnn'\nconst x = torch.tensor([${most}, 5], { dtype: 'int32', device: '${device}' })\n${program}\n`,
    { console: () => {}, progress: () => {} },
  );

const programs = (device: 'cpu' | 'webgpu'): void => {
  test.each(wrong)(`%s on ${device}`, async (_, program) => {
    expect(await run(device, program)).toMatchObject({
      ok: false,
      error: {
        line: 3,
        message: expect.stringMatching(/(sum|prod): a result is beyond int32.*no int64 here.*x\.float\(\)/),
      },
    });
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

describe('the cpu reference', () => programs('cpu'));

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
