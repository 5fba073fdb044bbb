/**
 * @file torch.compile gives a module for a module: it can do all that the compiled one can, on the same tensors, under
 * PyTorch's keys, and its calls are still played.
 */
import { describe, expect, expectTypeOf, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { checkJob } from '../../src/remote/printed/check.ts';
import { createJob } from '../../src/remote/program.ts';
import { takeTrace } from '../../src/torch/trace.ts';
import { switchCompile } from '../../src/torch/compiler/compile.ts';
import { nn, optim, torch } from '../../src/torch/index.ts';
import { run } from '../support/programs.ts';

class Net extends nn.Module<[torch.Tensor], torch.Tensor> {
  fc = new nn.Linear(3, 2);
  drop = new nn.Dropout(0.5);
  scale = 2;
  #calls = 0;
  override forward(x: torch.Tensor): torch.Tensor {
    return this.drop(this.fc(x)).mul(this.scale);
  }
  encode(x: torch.Tensor): torch.Tensor {
    this.#calls++;
    return this.fc(x);
  }
  get calls(): number {
    return this.#calls;
  }
}

describe('a compiled module', () => {
  test('has the parameters of the module, under keys that begin with _orig_mod as in PyTorch', () => {
    const net = new Net();
    const compiled = torch.compile(net);
    expect(compiled).toBeInstanceOf(nn.Module);
    expect(compiled._orig_mod).toBe(net);
    expect(compiled.parameters()).toEqual(net.parameters());
    const names = ['_orig_mod.fc.weight', '_orig_mod.fc.bias'];
    expect([...compiled.namedParameters()].map(([name]) => name)).toEqual(names);
    expect([...compiled.stateDict().keys()]).toEqual(names);
    expect([...compiled.namedModules()].map(([name]) => name)).toEqual([
      '',
      '_orig_mod',
      '_orig_mod.fc',
      '_orig_mod.drop',
    ]);
    expect(String(compiled)).toBe(
      'OptimizedModule(\n  (_orig_mod): Net(\n    (fc): Linear(in_features=3, out_features=2, bias=True)\n    (drop): Dropout(p=0.5, inplace=False)\n  )\n)',
    );
  });

  test('loads the state of another one, and refuses keys without the prefix', async () => {
    const [net, other] = [new Net(), new Net()];
    torch.compile(net).loadStateDict(torch.compile(other).stateDict());
    expect(await net.fc.weight.tolist()).toEqual(await other.fc.weight.tolist());
    expect(() => torch.compile(net).loadStateDict(other.stateDict())).toThrow(
      /OptimizedModule: the state does not fit; missing: _orig_mod\.fc\.weight/,
    );
  });

  test('changes the mode, the dtype and the gradients of the module, and returns itself', async () => {
    const net = new Net();
    const compiled = torch.compile(net);
    expect(compiled.eval()).toBe(compiled);
    expect([compiled.training, net.training, net.drop.training]).toEqual([false, false, false]);
    net.train();
    expect(compiled.training).toBe(true);
    compiled(torch.ones(1, 3)).sum().backward();
    expect(net.fc.weight.grad).not.toBeNull();
    compiled.zeroGrad();
    expect(net.fc.weight.grad).toBeNull();
    expect(compiled.to(torch.float16)).toBe(compiled);
    expect(net.fc.weight.dtype).toBe('float16');
    compiled.requiresGrad_(false);
    expect(net.fc.weight.requiresGrad).toBe(false);
  });

  test('has the fields and methods of the module, and passes on what is assigned', () => {
    const net = new Net();
    const compiled = torch.compile(net);
    expect(compiled.fc).toBe(net.fc);
    compiled.encode(torch.ones(1, 3));
    expect([compiled.calls, net.calls]).toEqual([1, 1]);
    compiled.scale = 3;
    compiled.fc = new nn.Linear(3, 4);
    expect(net.scale).toBe(3);
    expect(compiled(torch.ones(1, 3)).shape).toEqual([1, 4]);
    expect('scale' in compiled && !('other' in compiled)).toBe(true);
    expect(() => Object.assign(compiled, { _orig_mod: net })).toThrow(/cannot be replaced; compile the other one/);
  });

  test('runs hooks that are registered on it', () => {
    const compiled = torch.compile(new Net().eval());
    const seen: string[] = [];
    compiled(torch.ones(1, 3));
    const handles = [
      compiled.registerForwardPreHook(() => void seen.push('before')),
      compiled.registerForwardHook(() => void seen.push('after')),
    ];
    compiled(torch.ones(1, 3));
    for (const handle of handles) handle.remove();
    compiled(torch.ones(1, 3));
    expect(seen).toEqual(['before', 'after']);
  });

  test('is played, also by its forward, after its weights were trained', async () => {
    torch.manualSeed(1);
    const net = new Net().eval();
    const compiled = torch.compile(net);
    const sgd = new optim.SGD(compiled.parameters(), { lr: 0.1 });
    const x = torch.randn(4, 3);
    for (let step = 0; step < 3; step++) {
      sgd.zeroGrad();
      const y = compiled(x);
      expect(await y.tolist()).toEqual(await net(x).tolist());
      expect(await compiled.forward(x).tolist()).toEqual(await net(x).tolist());
      y.square().sum().backward();
      await sgd.step();
    }
    const e = torch.compiler.explain(compiled)(x);
    expect([e.graphCount, e.recordedAnew]).toEqual([1, []]);
  });

  test('is captured once where it is compiled again', () => {
    const twice = torch.compile(torch.compile(new Net().eval()));
    expect([...twice.stateDict().keys()][0]).toBe('_orig_mod._orig_mod.fc.weight');
    for (let call = 0; call < 2; call++) twice(torch.ones(1, 3));
    expect(torch.compiler.explain(twice)(torch.ones(1, 3)).graphCount).toBe(1);
  });

  test('is typed as the module that it holds', () => {
    const compiled = torch.compile(new Net());
    expectTypeOf(compiled.fc).toEqualTypeOf<nn.Linear>();
    expectTypeOf(compiled(torch.ones(1, 3))).toEqualTypeOf<torch.Tensor>();
    expectTypeOf(torch.compile((x: torch.Tensor, k: number) => x.mul(k))).toEqualTypeOf<
      (x: torch.Tensor, k: number) => torch.Tensor
    >();
  });

  test('prints itself, as a module of a program does', async () => {
    const { printed } = await run(
      "import { torch, nn } from 'wudnn';\nconsole.log(torch.compile(new nn.Linear(3, 2)));",
    );
    expect(printed).toEqual(['OptimizedModule(\n  (_orig_mod): Linear(in_features=3, out_features=2, bias=True)\n)']);
  });
});

describe('the remote job', () => {
  const jobOf = async (call: () => unknown): Promise<string> => {
    takeTrace();
    call();
    const traced = takeTrace().model!;
    const job = checkJob(await createJob(traced, (node) => engine.read(node), { gradients: true }));
    return JSON.stringify([job.program, [...traced.state.keys()], Array.from(job.tensors)]);
  };

  test('of a compiled model is that of the model, captured and played', async () => {
    const net = new Net().eval();
    const compiled = torch.compile(net);
    const x = torch.randn(2, 3);
    const eager = await jobOf(() => net(x));
    for (let call = 0; call < 2; call++) expect(await jobOf(() => compiled(x))).toBe(eager);
  });

  test('of a model with a compiled part prints that part, where the model is compiled too', async () => {
    class Outer extends nn.Module<[torch.Tensor], torch.Tensor> {
      body = torch.compile(new Net());
      override forward(x: torch.Tensor): torch.Tensor {
        return this.body(x).relu();
      }
    }
    const outer = new Outer().eval();
    const x = torch.randn(2, 3);
    const job = await jobOf(() => outer(x));
    expect(job).toContain('"body._orig_mod.fc.weight"');
    const compiled = torch.compile(outer);
    for (let call = 0; call < 2; call++) expect(await jobOf(() => compiled(x))).toBe(job);
    expect(torch.compiler.explain(compiled)(x).recordedAnew).toEqual([]);
  });
});

test('torch.compile gives the module itself where whoever runs the program has switched it off', () => {
  const net = new Net();
  switchCompile(false);
  try {
    expect(torch.compile(net)).toBe(net);
  } finally {
    switchCompile(true);
  }
  expect(torch.compile(net)).not.toBe(net);
});
