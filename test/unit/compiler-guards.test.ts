/**
 * @file Guards of torch.compile: whatever a call's record depends on besides its inputs' numbers captures it again when
 * it changes, once for each way, and the guard that broke is told with both values.
 */
import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../src/torch/compiler/explain.ts';
import { run } from '../support/programs.ts';

const head = "import { torch, nn, F } from 'wudnn';\ntorch.manualSeed(0);\n";

/** Runs a program that explains a call. */
const told = async (text: string): Promise<{ e: Explanation; values: any }> => {
  const { exports } = await run(head + text);
  return { e: exports.e as Explanation, values: exports.values };
};

describe('a broken guard captures again, and is told', () => {
  /** Two calls with something in between; what broke, and the second call's result. */
  const broken = async (
    f: string,
    first: string,
    between: string,
    second: string,
  ): Promise<{ told: string; same: boolean }> => {
    const { e, values } = await told(`${f}
      const c = torch.compile(f);
      c(${first}); ${between}; const y = ${second};
      export const values = [JSON.stringify(await c(y).tolist()), JSON.stringify(await f(y).tolist())];
      export const e = torch.compiler.explain(c)(y);`);
    const [recompile] = e.recompiles;
    return {
      told: recompile ? `${recompile.guard}: ${recompile.before} → ${recompile.now}` : 'none',
      same: values[0] === values[1],
    };
  };
  const net =
    'class Net extends nn.Module { fc = new nn.Linear(2, 2); k = 1; drop = new nn.Dropout(0.5); list = [1, 2]; forward(x) { return this.drop(this.fc(x)).mul(this.k).add(this.list[0]); } }\nconst f = new Net().eval();';
  const cases: Record<string, [f: string, first: string, between: string, second: string, told: string]> = {
    'a shape': [net, 'torch.ones(4, 2)', '', 'torch.ones(8, 2)', 'inputs[0].shape[0]: 4 → 8'],
    'the number of dimensions': [net, 'torch.ones(4, 2)', '', 'torch.ones(3, 4, 2)', 'inputs[0].ndim: 2 → 3'],
    'a dtype': [
      'const f = (x) => x.mul(2);',
      'torch.ones(2)',
      '',
      "torch.ones(2).to('int32')",
      'inputs[0].dtype: float32 → int32',
    ],
    'whether gradients flow': [
      'const f = (x) => x.mul(2);',
      'torch.ones(2)',
      '',
      'torch.ones(2).requiresGrad_()',
      'inputs[0].requiresGrad: false → true',
    ],
    'the order in memory': [
      'const f = (x) => x.contiguous();',
      'torch.randn(2, 2)',
      '',
      'torch.randn(2, 2).t()',
      'inputs[0].stride(): [2, 1] → [1, 2]',
    ],
    'a number that is a field': [net, 'torch.ones(4, 2)', 'f.k = 3', 'torch.ones(4, 2)', 'model.k: 1 → 3'],
    'an item of a list': [net, 'torch.ones(4, 2)', 'f.list[0] = 9', 'torch.ones(4, 2)', 'model.list[0]: 1 → 9'],
    'a parameter replaced': [
      net,
      'torch.ones(4, 2)',
      'f.fc.weight = new nn.Parameter(torch.ones(2, 2))',
      'torch.ones(4, 2)',
      'model.fc.weight: one tensor → another',
    ],
    'a layer replaced': [
      net,
      'torch.ones(4, 2)',
      'f.fc = new nn.Linear(2, 2)',
      'torch.ones(4, 2)',
      'model.fc: a Linear → a Linear',
    ],
    'a frozen parameter': [
      net,
      'torch.ones(4, 2)',
      'f.fc.bias.requiresGrad = false',
      'torch.ones(4, 2)',
      'model.fc.bias.requiresGrad: true → false',
    ],
    'a method replaced': [
      `${net}\nNet.prototype.extra = function () {};`,
      'torch.ones(4, 2)',
      'f.fc.forward = (x) => x',
      'torch.ones(4, 2)',
      'model.fc.forward: one function → another',
    ],
    "a keyword's value": [
      'const f = (x, { twice = false } = {}) => (twice ? x.mul(2) : x.mul(3));',
      'torch.ones(2), { twice: true }',
      '',
      'torch.ones(2)',
      'inputs.length: 2 → 1',
    ],
    'a constant as an argument': [
      'const f = (x) => x.to("int32");',
      'torch.full([2], 1)',
      '',
      'torch.full([2], 2)',
      'the one number in inputs[0]: 1 → 2',
    ],
  };
  const constant =
    'class Net extends nn.Module { fc = new nn.Linear(2, 2); k = 1; drop = new nn.Dropout(0.5); forward(x) { return this.drop(this.fc(x)).mul(this.k); } }\nconst net = new Net().eval(); const norm = new nn.Linear(2, 2);\nconst f = (x) => net(x).relu();';
  const ofConstant: typeof cases = {
    'a field of a constant module': [constant, 'torch.ones(4, 2)', 'net.k = 3', 'torch.ones(4, 2)', 'net.k: 1 → 3'],
    'a parameter of a constant module': [
      constant,
      'torch.ones(4, 2)',
      'net.fc.weight = new nn.Parameter(torch.ones(2, 2))',
      'torch.ones(4, 2)',
      'net.fc.weight: one tensor → another',
    ],
    'a frozen parameter of a constant module': [
      constant,
      'torch.ones(4, 2)',
      'net.fc.bias.requiresGrad = false',
      'torch.ones(4, 2)',
      'net.fc.bias.requiresGrad: true → false',
    ],
    'a layer of one of two constant modules': [
      constant.replace('net(x)', 'norm(net(x))'),
      'torch.ones(4, 2)',
      'norm.extra = 1',
      'torch.ones(4, 2)',
      'the fields of Linear: training, inFeatures, outFeatures, weight, bias → training, inFeatures, outFeatures, weight, bias, extra',
    ],
  };
  for (const [name, [f, first, between, second, expected]] of Object.entries({ ...cases, ...ofConstant })) {
    test(name, async () => {
      const { told, same } = await broken(f, first, between, second);
      // A function as a field cannot be read, so nothing is captured again.
      if (name !== 'a method replaced') expect(told).toBe(expected);
      expect(same).toBe(true);
    });
  }

  test("each keyword's value is captured once, and a name more or less is another call", async () => {
    const { e, values } = await told(`
      const f = (x, { twice = false, scale = 1 } = {}) => (twice ? x.mul(2) : x.mul(3)).mul(scale);
      const c = torch.compile(f); const x = torch.ones(2); const seen = [];
      for (let i = 0; i < 3; i++)
        for (const given of [[], [{}], [{ twice: true }], [{ twice: false }], [{ scale: 5 }], [{ twice: true, scale: torch.full([2], 7) }]])
          seen.push(JSON.stringify(await c(x, ...given).tolist()) === JSON.stringify(await f(x, ...given).tolist()));
      export const values = seen;
      export const e = torch.compiler.explain(c)(x);`);
    expect(values).toEqual(Array.from({ length: 18 }, () => true));
    expect(e.graphCount).toBe(6);
    expect(e.recompiles.map(({ guard }) => guard)).toContain('inputs[1].twice');
  });

  test('a changed value of a parameter breaks nothing, and the new value counts', async () => {
    const { e, values } = await told(`${net}
      const c = torch.compile(f); const x = torch.ones(1, 2); c(x);
      torch.noGrad(() => f.fc.weight.fill_(3));
      export const values = [JSON.stringify(await c(x).tolist()), JSON.stringify(await f(x).tolist())];
      export const e = torch.compiler.explain(c)(x);`);
    expect(values[0]).toBe(values[1]);
    expect(e.recompiles).toEqual([]);
  });

  test('a function of a constant model follows its training, its modes and its hooks', async () => {
    const { e, values } = await told(`
      class Net extends nn.Module { fc = new nn.Linear(2, 2); forward(x) { return this.training ? this.fc(x) : this.fc(x).mul(2); } }
      const net = new Net(); const c = torch.compile((x) => net(x).sin()); const x = torch.ones(1, 2);
      const same = async () => JSON.stringify(await c(x).tolist()) === JSON.stringify(await net(x).sin().tolist());
      const seen = [];
      const optimizer = new torch.optim.SGD(net.parameters(), { lr: 0.1 });
      for (let i = 0; i < 3; i++) {
        for (const training of [true, false]) {
          net.train(training);
          optimizer.zeroGrad(); c(x).sum().backward(); await optimizer.step();
          seen.push(await same(), torch.noGrad(() => c(x)).requiresGrad);
        }
      }
      export const e = torch.compiler.explain(c)(x);
      let hooked = 0;
      const hook = net.registerForwardHook(() => { hooked++; });
      c(x); c(x); hook.remove(); c(x);
      seen.push(hooked);
      export const values = seen;`);
    expect(values).toEqual([...Array.from({ length: 6 }, () => [true, false]).flat(), 2]);
    expect(e.graphCount).toBe(4);
  });

  test('noGrad and not, training and evaluation in turn: each is captured once', async () => {
    const { e, values } = await told(`
      class Net extends nn.Module { fc = new nn.Linear(2, 2); forward(x) { return this.training ? this.fc(x) : this.fc(x).mul(2); } }
      const f = new Net(); const c = torch.compile(f); const x = torch.ones(1, 2);
      const seen = [];
      for (let i = 0; i < 3; i++) {
        for (const training of [true, false]) {
          f.train(training);
          seen.push(c(x).requiresGrad, torch.noGrad(() => c(x)).requiresGrad, JSON.stringify(await c(x).tolist()) === JSON.stringify(await f(x).tolist()));
        }
      }
      export const values = seen;
      export const e = torch.compiler.explain(c)(x);`);
    expect(values).toEqual(Array.from({ length: 6 }, () => [true, false, true]).flat());
    expect(e.graphCount).toBe(4);
  });

  test('a hook runs in every call while it is there', async () => {
    const { values } = await told(`${net}
      const c = torch.compile(f); const x = torch.ones(1, 2); let calls = 0;
      c(x);
      const handle = f.fc.registerForwardHook(() => { calls++; });
      c(x); c(x); handle.remove(); c(x);
      export const values = calls;
      export const e = null;`);
    expect(values).toBe(2);
  });

  test('one tensor given twice is not two', async () => {
    const { values } = await told(`
      const f = (a, b) => a.sub(b); const c = torch.compile(f);
      const [x, y] = [torch.ones(2), torch.zeros(2)];
      export const values = [await c(x, x).tolist(), await c(x, y).tolist(), await c(y, y).tolist()];
      export const e = null;`);
    expect(values).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
  });

  test('beyond eight captures calls are recorded anew, and say so', async () => {
    const { e } = await told(`
      const f = (x) => x.mul(2); const c = torch.compile(f);
      for (let n = 1; n <= 10; n++) c(torch.ones(n));
      export const e = torch.compiler.explain(c)(torch.ones(11));`);
    expect(e.graphCount).toBe(8);
    expect(e.recordedAnew[0].reason).toMatch(/captured 8 times/);
  });
});
