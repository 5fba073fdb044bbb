/**
 * @file torch.compile plays a call again only where that is the same as running it: what decides is read from the
 * program's text, guarded, or seen while the call is captured. Each program here would give a wrong answer if a call
 * were played that must run.
 */
import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../src/torch/compiler/explain.ts';
import { engine } from '../../src/compile/engine.ts';
import { createJob } from '../../src/remote/program.ts';
import { takeTrace } from '../../src/torch/trace.ts';
import { run } from '../support/programs.ts';

const head = "import { torch, nn, F, vision } from 'wudnn';\ntorch.manualSeed(0);\n";

/** Runs a program whose `f` is compiled; `explain` tells of its last call. */
const told = async (text: string): Promise<{ printed: string[]; e: Explanation; values: any }> => {
  const { exports, printed } = await run(head + text);
  return { printed, e: exports.e as Explanation, values: exports.values };
};

describe('calls that depend on arguments and fields are played', () => {
  const programs: Record<string, string> = {
    'a module of layers': `
      class Net extends nn.Module { fc = new nn.Linear(3, 2); forward(x) { return F.relu(this.fc(x)); } }
      const f = new Net(); const x = torch.randn(4, 3);`,
    'a function of the namespace': `
      const f = (x) => torch.relu(x).add(F.softmax(x, -1)); const x = torch.randn(4, 3);`,
    'a helper, a constant and an alias of the program': `
      const half = 0.5; const G = nn.functional;
      function helper(x) { return x.mul(half); }
      const twice = (x) => helper(x).mul(4);
      const f = (x) => G.relu(twice(x)); const x = torch.randn(4, 3);`,
    'methods, getters and super of the program': `
      class Base extends nn.Module { scale = 3; get double() { return 2 * this.scale; } act(x) { return x.mul(this.double); } forward(x) { return this.act(x); } }
      class Net extends Base { forward(x) { const { scale } = this; return super.forward(x).add(scale); } }
      const f = new Net(); const x = torch.randn(4, 3);`,
    'lists of layers and of results': `
      class Net extends nn.Module {
        layers = new nn.ModuleList([new nn.Linear(3, 3), new nn.Linear(3, 3)]);
        forward(x) { const seen = []; for (const layer of this.layers) { x = layer(x).tanh(); seen.push(x); } return { sum: seen[0].add(seen[1]), seen, count: seen.length }; }
      }
      const f = new Net(); const x = torch.randn(4, 3);`,
    'branches by shape and by option': `
      const f = (x, { twice = false } = {}) => { if (x.shape[0] > 2) x = x.slice ? x : x; return twice ? x.mul(2) : x.view(-1); };
      const x = torch.randn(4, 3);`,
    'a model that is a constant': `
      class Net extends nn.Module { fc = new nn.Linear(3, 2); forward(x) { return F.relu(this.fc(x)); } }
      const model = new Net().to('cpu').eval(); const f = (x) => model(x).relu(); const x = torch.randn(4, 3);`,
    'layers that are constants, by way of a helper and of a function around': `
      const make = (width) => { const layer = new nn.Linear(width, 2); const norm = new nn.Sequential(new nn.Linear(2, 2), new nn.Tanh());
        const helper = (x) => norm(layer(x)); return (x) => helper(x).mul(2); };
      const f = make(3); make(5); const x = torch.randn(4, 3);`,
    'a model and a loss that are constants': `
      const model = new vision.models.LeNet(); const loss = new nn.CrossEntropyLoss();
      const f = (x) => loss(model(x), torch.zeros(2).to('int64')); const x = torch.randn(2, 1, 28, 28);`,
    'a model that is exported': `
      export const model = new nn.Linear(3, 2); const f = (x) => model(x).relu(); const x = torch.randn(4, 3);`,
    'a constant that a module calls': `
      const head = new nn.Linear(3, 2);
      class Net extends nn.Module { k = 2; forward(x) { return head(x.mul(this.k)); } }
      const f = new Net(); const x = torch.randn(4, 3);`,
    LeNet: `const f = new vision.models.LeNet(); const x = torch.randn(2, 1, 28, 28);`,
    'ResNet in evaluation': `const f = new vision.models.ResNet().eval(); const x = torch.randn(2, 1, 16, 16);`,
    'an encoder block in evaluation': `
      const f = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true }).eval(); const x = torch.randn(2, 5, 8);`,
  };
  for (const [name, text] of Object.entries(programs)) {
    test(name, async () => {
      const { e, values } = await told(`${text}
        const c = torch.compile(f);
        const flat = (r) => r instanceof torch.Tensor ? [r] : Array.isArray(r) ? r.flatMap(flat) : typeof r === 'object' ? Object.values(r).flatMap(flat) : [];
        const numbers = async (r) => JSON.stringify(await Promise.all(flat(r).map((t) => t.tolist())));
        c(x);
        const y = torch.randn(...x.shape);
        export const values = [await numbers(c(y)), await numbers(f(y))];
        export const e = torch.compiler.explain(c)(x);`);
      expect(e.recordedAnew).toEqual([]);
      expect(e.graphCount).toBe(1);
      expect(values[0]).toBe(values[1]);
    });
  }
});

describe('calls that must run are run, and the reason is told with its line', () => {
  const programs: Record<
    string,
    { text: string; reason: RegExp; line?: number; breaks?: boolean; isSteady?: boolean }
  > = {
    'a variable of the program': {
      text: 'let k = 1; const f = (x) =>\nx.mul(k); const after = () => { k = 5; };',
      reason: /reads k/,
      line: 4,
    },
    'a variable that is exported': {
      text: 'export let k = 1; const f = (x) => x.mul(k); const after = () => { k = 5; };',
      reason: /reads k/,
    },
    'a variable of the program that the call changes': {
      text: 'let k = 1; const f = (x) => {\nk++; return x.mul(2); }; const after = () => {};',
      reason: /assigns to k/,
      line: 4,
    },
    'a global that the call changes': {
      text: 'const f = (x) => { globalThis.counted = (globalThis.counted ?? 0) + 1; return x.mul(globalThis.counted); }; const after = () => { delete globalThis.counted; };',
      reason: /changes globalThis\.counted/,
      isSteady: false,
    },
    'a field of an object of the program': {
      text: 'const o = { k: 1 }; const f = (x) => x.mul(o.k); const after = () => { o.k = 5; };',
      reason: /reads o/,
    },
    'a variable of the function around': {
      text: 'const make = (k) => (x) => x.mul(k); const f = make(5); const after = () => {};',
      reason: /reads k/,
    },
    'the time': {
      text: 'const f = (x) => x.mul(Date.now()); const after = () => {};',
      reason: /time/,
      isSteady: false,
    },
    'random numbers of JavaScript': {
      text: 'const f = (x) => x.mul(Math.random()); const after = () => {};',
      reason: /random/,
      isSteady: false,
    },
    'random numbers of torch': {
      text: 'const f = (x) => x.add(torch.randn(2)); const after = () => {};',
      reason: /draws random numbers/,
    },
    'a module that counts its calls': {
      text: 'class Net extends nn.Module { n = 0; forward(x) { this.n++; return x.mul(this.n); } } const f = new Net(); const after = () => {};',
      reason: /assigning to this\.n/,
    },
    'a list that the call fills': {
      text: 'class Net extends nn.Module { seen = []; forward(x) { this.seen.push(1); return x.mul(this.seen.length); } } const f = new Net(); const after = () => {};',
      reason: /push/,
    },
    'a tensor from outside': {
      text: 'const w = torch.ones(2); const f = (x) => x.mul(w); const after = () => { w.mul_(3); };',
      reason: /reads w/,
    },
    'an argument changed in place': {
      text: 'const f = (x) => x.mul_(2).add(1); const after = () => {};',
      reason: /in place/,
    },
    'dropout in training': {
      text: 'class Net extends nn.Module { d = new nn.Dropout(0.5); forward(x) { return this.d(x); } } const f = new Net(); const after = () => {};',
      reason: /random/,
    },
    'batch norm in training': {
      text: 'class Net extends nn.Module { bn = new nn.BatchNorm1d(2); forward(x) { return this.bn(x.view(1, 2).expand(3, 2)).sum(0).add(this.bn.running_mean); } } const f = new Net(); const after = () => {};',
      reason: /in place/,
    },
    'numbers of an argument that are on the host': {
      text: 'const f = (x) => torch.arange(9).at(x.to("int32")); const after = () => {};',
      reason: /on the host/,
    },
    'a method that the program has replaced': {
      text: 'let k = 2; torch.Tensor.prototype.relu = function () { return this.mul(k); }; const f = (x) => x.relu(); const after = () => { k = 7; };',
      reason: /replaced/,
    },
    'a value that is read': {
      text: 'const f = async (x) => (await x.sum().item()) > 0 ? x : x.neg(); const after = () => {};',
      reason: /async|awaits/,
      breaks: true,
    },
    'the console': {
      text: 'const f = (x) => { console.log("called"); return x.mul(2); }; const after = () => {};',
      reason: /console/,
      breaks: true,
    },
    'a printed tensor': {
      text: 'const f = (x) => x.mul(`${x}`.length); const after = () => {};',
      reason: /prints a tensor/,
      breaks: true,
    },
    'a module that is no constant': {
      text: 'let m = new nn.Linear(2, 2); const f = (x) => m(x); const after = () => { m = new nn.Linear(2, 2); };',
      reason: /reads m/,
    },
    'an exported module that is no constant': {
      text: 'export let m = new nn.Linear(2, 2); const f = (x) => m(x); const after = () => { m = new nn.Linear(2, 2); };',
      reason: /reads m/,
    },
    'an exported constant that something is assigned to all the same': {
      text: 'export const m = new nn.Linear(2, 2); const f = (x) => m(x); const after = () => { m = new nn.Linear(2, 2); };',
      reason: /reads m/,
    },
    'a constant that may be no module': {
      text: 'let k = 1; const m = ((n) => (x) => x.mul(n * k))(2); const f = (x) => m(x); const after = () => { k = 3; };',
      reason: /reads m/,
    },
    'a module whose class has a method of its own where it was made': {
      text: 'let k = 1; class Net extends nn.Module { to() { return (x) => x.mul(k); } forward(x) { return x; } } const m = new Net().to("cpu"); const f = (x) => m(x); const after = () => { k = 3; };',
      reason: /reads m/,
    },
    'a module whose constructor makes something else': {
      text: 'let k = 1; class Net extends nn.Module { constructor() { super(); return (x) => x.mul(k); } } const m = new Net(); const f = (x) => m(x); const after = () => { k = 3; };',
      reason: /reads m/,
    },
    'a class that is replaced': {
      text: 'let k = 1; class Net extends nn.Module { forward(x) { return x; } } Net = function () { return (x) => x.mul(k); }; const m = new Net(); const f = (x) => m(x); const after = () => { k = 3; };',
      reason: /reads m/,
    },
    'a field of a module that is a constant': {
      text: 'const m = new nn.Linear(2, 2); m.k = 1; const f = (x) => m(x).mul(m.k); const after = () => { m.k = 3; };',
      reason: /reads m/,
    },
    'a constant module that counts its calls': {
      text: 'class Net extends nn.Module { n = 0; forward(x) { this.n++; return x.mul(this.n); } } const m = new Net(); const f = (x) => m(x); const after = () => {};',
      reason: /assigning to this\.n/,
    },
    'a constant module that draws random numbers': {
      text: 'const m = new nn.Dropout(0.5); const f = (x) => m(x); const after = () => {};',
      reason: /draws random numbers/,
    },
    'a function as a field': {
      text: 'let k = 1; class Net extends nn.Module { act = (x) => x.mul(k); forward(x) { return this.act(x); } } const f = new Net(); const after = () => { k = 4; };',
      reason: /a function of the program/,
    },
  };
  for (const [name, { text, reason, line, breaks = false, isSteady = true }] of Object.entries(programs)) {
    test(name, async () => {
      // Each of two programs alike calls what it calls in the same order, one of them compiled.
      const calls = (compiled: boolean): string => `${text}
        const c = ${compiled ? 'torch.compile(f)' : 'f'};
        const out = [];
        for (let i = 0; i < 3; i++) { const x = torch.tensor([1, 2]); out.push(await (await c(x)).tolist(), await x.tolist()); if (i === 1) after(); }
        export const values = JSON.stringify(out);
        export const e = ${compiled ? 'torch.compiler.explain(c)(torch.tensor([1, 2]))' : 'null'};`;
      const eager = await told(calls(false));
      const compiled = await told(calls(true));
      if (isSteady) expect(compiled.values).toBe(eager.values);
      expect(compiled.e.graphCount).toBe(0);
      expect(compiled.e.recordedAnew[0].reason).toMatch(reason);
      if (line !== undefined) expect(compiled.e.recordedAnew[0].line).toBe(line);
      expect(compiled.e.breakReasons.length > 0).toBe(breaks);
    });
  }

  test('a list that the call sorts is sorted by it, and the calls after it are played', async () => {
    const { e, values } = await told(`
      class Net extends nn.Module { list = [3, 1]; forward(x) { const before = x.mul(this.list[0]); this.list.sort(); return before; } }
      const f = new Net(); const c = torch.compile(f); const x = torch.ones(1);
      export const values = [await c(x).item(), await c(x).item(), await c(x).item()];
      export const e = torch.compiler.explain(c)(x);`);
    expect(values).toEqual([3, 1, 1]);
    expect(e.graphCount).toBe(1);
  });

  test('the console prints in every call', async () => {
    const { printed } = await run(
      `${head}const f = torch.compile((x) => { console.log('called'); return x.mul(2); });\nfor (let i = 0; i < 3; i++) f(torch.ones(2));`,
    );
    expect(printed).toEqual(['called', 'called', 'called']);
  });
});

describe('a model', () => {
  test("the remote job of a call that was played is that of the call that was recorded, and so is the model's trace", async () => {
    const { exports } = await run(`${head}
      export const model = new vision.models.LeNet();
      export const compiled = torch.compile(model);
      export const f = torch.compile((t) => model(t).tanh());
      export const x = torch.randn(2, 1, 28, 28);
      export const e = torch.compiler.explain(f)(x); // while the program runs, whose text is read`);
    const { model, compiled, f, e, x } = exports;
    expect(e.graphCount).toBe(1);
    const jobOf = async (call: () => unknown): Promise<string> => {
      takeTrace();
      call();
      const traced = takeTrace().model!;
      const job = await createJob(traced, (node) => engine.read(node), { gradients: true });
      return JSON.stringify([job.program, [...traced.state.keys()], Array.from(job.tensors)]);
    };
    const recorded = await jobOf(() => model(x));
    for (const called of [compiled, f]) {
      const captured = await jobOf(() => called(x));
      const played = await jobOf(() => called(x));
      expect(played).toBe(captured);
      expect(played).toBe(recorded);
    }
  });
});

describe('what is returned', () => {
  test('lists, objects and constants are new in each call, and an argument is itself', async () => {
    const { values } = await told(`
      const f = (x, more) => ({ x, list: [x.mul(2), 3, 'four', null], more: more.length }); const c = torch.compile(f);
      const x = torch.ones(2);
      const [a, b] = [c(x, [1, 2]), c(x, [1, 2])];
      export const values = [a !== b, a.list !== b.list, a.x === x, b.x === x, b.list.slice(1), b.more, await b.list[0].tolist()];
      export const e = null;`);
    expect(values).toEqual([true, true, true, true, [3, 'four', null], 2, [2, 2]]);
  });

  test('what is no tensor, in whatever is returned, and what is new in each call', async () => {
    const { values } = await told(`
      const kinds = {
        nothing: (x) => {}, number: (x) => x.shape[0], text: (x) => 'two', flag: (x) => x.shape[0] > 1, none: (x) => null,
        nested: (x) => ({ a: [x.add(1), { b: x.shape.length, c: null }] }), map: (x) => new Map([[1, x.mul(3)]]), made: (x) => (y) => x.add(y),
      };
      const numbers = async (r) => r instanceof torch.Tensor ? r.tolist()
        : r instanceof Map ? [...r.keys(), ...await Promise.all([...r.values()].map(numbers))]
        : Array.isArray(r) ? Promise.all(r.map(numbers))
        : typeof r === 'function' ? numbers(r(1))
        : typeof r === 'object' && r !== null ? Promise.all(Object.entries(r).map(async ([k, v]) => [k, await numbers(v)])) : String(r);
      const out = {};
      for (const [kind, f] of Object.entries(kinds)) {
        const c = torch.compile(f);
        const seen = [];
        for (let i = 1; i < 4; i++) { const x = torch.tensor([i, 2 * i]); seen.push(JSON.stringify(await numbers(c(x))) === JSON.stringify(await numbers(f(x)))); }
        out[kind] = seen;
      }
      export const values = out;`);
    for (const [kind, same] of Object.entries(values as Record<string, boolean[]>))
      expect(same, kind).toEqual([true, true, true]);
  });

  test('a result changed in place leaves later calls as they were', async () => {
    const { values } = await told(`
      const f = (x) => { const y = x.mul(2); return [y, y.view(-1), torch.ones(2)]; }; const c = torch.compile(f);
      const x = torch.ones(2); c(x);
      const [a, , ones] = c(x); a.add_(10); ones.add_(1);
      const [b, v, o] = c(x); b.add_(1);
      export const values = [await a.tolist(), await b.tolist(), await v.tolist(), await o.tolist()];
      export const e = null;`);
    expect(values).toEqual([
      [12, 12],
      [3, 3],
      [3, 3],
      [1, 1],
    ]);
  });
});

describe('options', () => {
  test('fullgraph refuses a break with its line', async () => {
    await expect(
      run(
        `${head}const f = torch.compile((x) => {\n  console.log('here');\n  return x;\n}, { fullgraph: true });\nf(torch.ones(2));`,
      ),
    ).rejects.toThrow(/fullgraph: the function writes to the console.*\(line 4\)/);
    await expect(
      run(
        `${head}const f = torch.compile(async (x) => (await x.item()) > 0 ? x : x.neg(), { fullgraph: true });\nawait f(torch.ones(1));`,
      ),
    ).rejects.toThrow(/fullgraph/);
  });

  test('disable gives the model itself, and dynamic shapes are refused', async () => {
    const { exports } = await run(
      `${head}const f = (x) => x;\nexport const same = torch.compile(f, { disable: true }) === f;`,
    );
    expect(exports.same).toBe(true);
    await expect(run(`${head}torch.compile((x) => x, { dynamic: true });`)).rejects.toThrow(/line 3.*dynamic/);
  });

  test('isCompiling tells, disable switches it off, and reset forgets', async () => {
    const { exports } = await run(`${head}
      const f = torch.compile((x) => [torch.compiler.isCompiling(), x.mul(2)]);
      const g = torch.compile((x) => [torch.compiler.disable(() => torch.compiler.isCompiling())(), x.mul(2)]);
      const x = torch.ones(2);
      export const seen = [torch.compiler.isCompiling(), f(x)[0], f(x)[0], g(x)[0]];
      torch.compiler.reset();
      export const e = torch.compiler.explain(f)(torch.ones(3));`);
    expect(exports.seen).toEqual([false, true, true, false]);
    expect(exports.e.graphCount).toBe(1);
    expect(exports.e.recompiles).toEqual([]);
  });

  test('compiled within compiled is part of the outer one', async () => {
    const { exports } = await run(`${head}
      const inner = torch.compile((x) => x.mul(2));
      const f = torch.compile((x) => inner(x).add(1));
      inner(torch.ones(2)); f(torch.ones(2));
      export const values = await f(torch.ones(2)).tolist();`);
    expect(exports.values).toEqual([3, 3]);
  });
});
