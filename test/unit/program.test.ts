/**
 * @file The visitor's program: what it exports, and where its errors are said to be.
 */
import { describe, expect, test } from 'vitest';
import { locateSyntaxError as locate } from '../../src/cli/locate.ts';
import type { ProgramEnvironment, ProgramResult } from '../../src/session/program.ts';
import { runProgram } from '../../src/session/program.ts';
import type { ProgramError } from '../../src/session/protocol.ts';
import { F, nn, optim, torch } from '../../src/torch/index.ts';

const wudnn = { torch: { ones: (n: number) => Array<number>(n).fill(1) }, nn: { Module: class Module {} } };

/** Namespaces within namespaces, settings, and a class with a method. */
const nested = {
  wudnn: {
    torch: {
      Tensor: class Tensor {
        zeroGrad(): void {}
      },
      backends: { benchmark: false },
      nn: { init: { xavierUniform_: () => 0 } },
    },
  },
};

function run(text: string, more: Partial<ProgramEnvironment> = {}): Promise<ProgramResult> {
  return runProgram(text, { modules: { wudnn }, console: () => {}, ...more });
}

async function exportsOf(text: string): Promise<Readonly<Record<string, unknown>>> {
  const result = await run(text);
  if (!result.ok) throw new Error(`the program failed: ${result.error.message}`);
  return result.exports;
}

async function errorOf(text: string, more: Partial<ProgramEnvironment> = {}): Promise<ProgramError> {
  const result = await run(text, more);
  if (result.ok) throw new Error('the program was expected to fail');
  return result.error;
}

/** Where `needle` first stands in a text, counted from 1. */
function placeOf(text: string, needle: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(needle)).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

describe('running', () => {
  test('exports of every kind come back', async () => {
    const exports = await exportsOf(`
      export const a: number = 1
      export function f() { return 2 }
      export class C { x = 3 }
      export let later = 0
      later = 4
      const hidden = 5
      export { hidden as shown }
      export default 6
    `);
    expect(exports).toMatchObject({ a: 1, later: 4, shown: 5, default: 6 });
    expect((exports['f'] as () => number)()).toBe(2);
  });

  test('await works at the top level, in loops and with async iteration', async () => {
    const exports = await exportsOf(`
      async function* numbers() { yield 1; yield 2 }
      export let sum = await Promise.resolve(10)
      for await (const n of numbers()) sum += n
    `);
    expect(exports['sum']).toBe(13);
  });

  test('imports find the module table by name, as a namespace, by default and dynamically', async () => {
    const exports = await exportsOf(`
      import { torch, nn } from 'wudnn'
      import * as all from 'wudnn'
      import whole from 'wudnn'
      const later = await import('wudnn')
      class Net extends nn.Module {}
      export const ones = torch.ones(2)
      export const same = all.torch === torch && whole.nn === nn && later.torch === torch
      export const isModule = new Net() instanceof all.nn.Module
    `);
    expect(exports).toMatchObject({ ones: [1, 1], same: true, isModule: true });
  });

  test('the TypeScript that programs use runs', async () => {
    const exports = await exportsOf(`
      import type { Something } from 'wudnn'
      interface Shape { readonly n: number }
      type Pair<T> = [T, T]
      enum Layout { NCHW, NHWC = 'nhwc' }
      abstract class Base<T extends Shape> {
        protected readonly twice = 2
        constructor(private readonly shape: T, public name?: string) {}
        get n(): number { return this.shape.n * this.twice }
      }
      class Derived extends Base<Shape> { override name = 'derived'; #secret = 1; peek(this: Derived) { return this.#secret } }
      declare const never: Something
      const pair = <T,>(x: T): Pair<T> => [x, x]
      const d = new Derived({ n: 4 } satisfies Shape)
      export const out = [d.n, d.name, d.peek(), pair(7)!, Layout.NCHW, Layout[0], Layout.NHWC as string]
    `);
    expect(exports['out']).toEqual([8, 'derived', 1, [7, 7], 0, 'NCHW', 'nhwc']);
  });

  test('the require hook gives what the table lacks, and only that', async () => {
    const asked: string[] = [];
    const result = await run(
      `import { basename } from 'node:path'\nimport { torch } from 'wudnn'\nexport const name = basename('a/b.ts') + torch.ones(1)`,
      {
        require: (name) => {
          asked.push(name);
          return { basename: () => 'b.ts' };
        },
      },
    );
    expect(result).toMatchObject({ ok: true, exports: { name: 'b.ts1' } });
    expect(asked).toEqual(['node:path']);
  });

  test('two programs at once keep their exports, consoles and places apart', async () => {
    const slow = `await new Promise((r) => setTimeout(r, 5))\nconsole.log('a')\nexport const name = 'a'\nthrow new Error('a')`;
    const [a, b] = await Promise.all([run(slow), run(`export const name = 'b'`)]);
    expect(a).toMatchObject({ ok: false, error: { message: 'a', line: 4 } });
    expect(b).toEqual({ ok: true, exports: { name: 'b' } });
  });
});

describe('errors of the program have their line and column', () => {
  const cases: Record<string, string> = {
    'thrown at the top level': `const a = 1\nthrow new Error('boom')`,
    'on the first line, where imports put their helpers': `import * as w from 'wudnn'; const x: number = 1; throw new Error('boom')`,
    'inside a function': `function f(x: number): never {\n  throw new Error('boom')\n}\nf(1)`,
    'inside a method of a class': `class A<T> {\n  private x: T | undefined = undefined\n  go(y: Record<string, number>): void { if (y) throw new Error('boom') }\n}\nnew A<string>().go({})`,
    'inside a constructor': `class A {\n  constructor(readonly a: number) {\n    throw new Error('boom')\n  }\n}\nnew A(1)`,
    'inside a field': `const thrower = () => { throw new Error('boom') }\nclass A { x = thrower() }\nnew A()`,
    'inside an async function, after a pause': `async function f(): Promise<void> {\n  await new Promise<void>((r) => setTimeout(r, 1))\n\n    throw new Error('boom')\n}\nawait f()`,
    'inside an arrow function': `const xs: number[] = [1]\nxs.map((x: number): number => { throw new Error('boom') })`,
    'after a template of several lines':
      'const s: string = `\none\n  two ${1 as number}\nthree`\nthrow new Error(`boom`)'.replace('`boom`', "'boom'"),
    'after interfaces, types, enums and generics': `interface A {\n  a: number\n  b: string\n}\ntype B = {\n  c: A\n}\nenum E {\n  One,\n  Two = 'two',\n}\nfunction f<T extends A, U = B>(t: T): U {\n  return t as unknown as U\n}\nthrow new Error('boom')`,
    'after an import of several lines': `import {\n  torch,\n  nn,\n} from 'wudnn'\nconsole.log(torch, nn)\nthrow new Error('boom')`,
    'to the right of types that are taken away': `const f = (a: number, b: Map<string, number>): void => {}; f(1, new Map<string, number>()); throw new Error('boom')`,
    'between lines that end in CR LF': `const a: number = 1\r\nconst b = 2\r\nthrow new Error('boom')`,
  };
  test.each(Object.entries(cases))('%s', async (_where, text) => {
    const error = await errorOf(text);
    expect(error.message).toBe('boom');
    expect({ line: error.line, column: error.column }).toEqual(placeOf(text, 'new Error'));
  });

  test('a name that the library does not have, in the words of the program', async () => {
    const text = `import { torch } from 'wudnn'\ntorch.onse(2)`;
    expect(await errorOf(text)).toMatchObject({ message: "torch has no 'onse'; did you mean ones?", line: 2 });
  });

  test('and in a namespace within one, read, called or set', async () => {
    expect(
      (await errorOf(`import { torch } from 'wudnn'\nconst x = torch.nn.init.xavier_uniform_`, { modules: nested }))
        .message,
    ).toBe("torch.nn.init has no 'xavier_uniform_'; did you mean xavierUniform_?");
    expect(
      await errorOf(`import { torch } from 'wudnn'\ntorch.backends.benchmrk = true`, { modules: nested }),
    ).toMatchObject({ message: "torch.backends has no 'benchmrk'; did you mean benchmark?", line: 2 });
    expect(
      (
        await runProgram(`import { torch } from 'wudnn'\ntorch.backends.benchmark = true`, {
          modules: nested,
          console: () => {},
        })
      ).ok,
    ).toBe(true);
    expect(nested.wudnn.torch.backends.benchmark).toBe(true);
  });

  test('a method that nothing has, with the one that was meant', async () => {
    const of = async (call: string): Promise<string> =>
      (await errorOf(`import { torch } from 'wudnn'\nconst x = new torch.Tensor()\n${call}`, { modules: nested }))
        .message;
    expect(await of('x.zero_grad()')).toBe('x.zero_grad is not a function; did you mean zeroGrad?');
    expect(await of('x.xyz()')).toBe('x.xyz is not a function');
    expect(await of('torch.zeroGrad()')).toBe("torch has no 'zeroGrad'; it has Tensor, backends, nn");
  });

  test('a name of PyTorch that is not here, with the reason, and what is nearest', async () => {
    const modules = { wudnn: { torch, nn, F, optim } };
    const of = async (call: string): Promise<string> =>
      (await errorOf(`import { torch, nn, F, optim } from 'wudnn'\n${call}`, { modules })).message;
    expect(await of('torch.manual_seed(1)')).toBe("torch has no 'manual_seed'; did you mean manualSeed?");
    expect(await of('F.crossentropy()')).toBe("F has no 'crossentropy'; did you mean crossEntropy?");
    expect(await of('torch.conv2d()')).toBe("torch has no 'conv2d'; did you mean F.conv2d?");
    expect(await of('nn.Adam()')).toBe("nn has no 'Adam'; did you mean optim.Adam?");
    expect(await of('optim.CosineAnnealingLR()')).toBe(
      "optim has no 'CosineAnnealingLR'; did you mean optim.lrScheduler.CosineAnnealingLR?",
    );
    expect(await of('new nn.Conv3d()')).toBe(
      "nn has no 'Conv3d': layers work on lines and planes here; there are none for volumes",
    );
    expect(await of('torch.nn.functional.conv_transpose3d()')).toBe(
      "torch.nn.functional has no 'conv_transpose3d': layers work on lines and planes here; there are none for volumes",
    );
    expect(await of('torch.from_numpy([1])')).toBe(
      "torch has no 'from_numpy': a tensor's memory is the engine's to lay out; a program sees its elements; torch.tensor(array) takes arrays and typed arrays",
    );
    expect(await of('torch.cuda.synchronize()')).toBe(
      "torch has no 'cuda': the GPU here is 'webgpu': write model.to('webgpu')",
    );
    expect(await of('torch.ones(2).lgamma()')).toBe(
      'torch.ones(...).lgamma is not a function: no kernel computes this special function yet',
    );
  });

  test('errors that the language raises', async () => {
    const text = `const a: { b?: { c: number } } = {}\n\nconst x = 1, y = a.b!.c`;
    expect(await errorOf(text)).toMatchObject({ name: 'TypeError', line: 3, column: placeOf(text, 'b!.c').column + 3 });
    expect(await errorOf(`const x = 1\nlog(x)`)).toMatchObject({
      name: 'ReferenceError',
      message: 'log is not defined',
      line: 2,
      column: 1,
    });
  });

  test('errors of a library are placed at the call, with the frames between', async () => {
    const modules = {
      wudnn: {
        check: (n: number) => {
          throw new RangeError(`check: ${n} is too large`);
        },
      },
    };
    const text = `import { check } from 'wudnn'\nfunction inner(n: number) {\n  check(n)\n}\nclass Net { forward(n: number) { inner(n) } }\n\nnew Net().forward(9)`;
    const error = await errorOf(text, { modules });
    expect(error).toMatchObject({ name: 'RangeError', message: 'check: 9 is too large', line: 3, column: 3 });
    expect(error.frames).toEqual([
      { line: 3, column: 3, name: 'inner' },
      { ...placeOf(text, 'inner(n) }'), name: 'Net.forward' },
      { line: 7, column: 11 },
    ]);
  });

  test('a library that fails after a pause is placed at the await', async () => {
    const modules = {
      wudnn: {
        later: async () => {
          await new Promise((r) => setTimeout(r, 1));
          throw new Error('device lost');
        },
      },
    };
    const text = `import { later } from 'wudnn'\nasync function step() {\n  await later()\n}\nawait step()`;
    expect(await errorOf(text, { modules })).toMatchObject({
      message: 'device lost',
      line: 3,
      frames: [{ line: 3, name: 'step' }, { line: 5 }],
    });
  });

  test('a stack under many frames of a library still has the program in it', async () => {
    const dig = (n: number): void => {
      if (n === 0) throw new Error('deep');
      dig(n - 1);
    };
    expect(await errorOf(`import { dig } from 'wudnn'\n\ndig(50)`, { modules: { wudnn: { dig } } })).toMatchObject({
      line: 3,
    });
  });

  test('endless recursion ends with a line', async () => {
    expect(await errorOf(`const a = 1\nfunction f(): void { f() }\nf()`)).toMatchObject({
      name: 'RangeError',
      line: 2,
    });
  });

  test('what is thrown without being an Error is named', async () => {
    expect(await errorOf(`throw 'x'`)).toMatchObject({
      message: 'the program threw "x", which is not an Error and has no line',
      frames: [],
    });
    expect((await errorOf(`throw undefined`)).message).toContain('undefined');
    expect((await errorOf(`await Promise.reject(7)`)).message).toContain('7');
  });
});

describe('syntax errors', () => {
  test('have the line and column of the unexpected token', async () => {
    expect(await errorOf('const a = 1\nlet x = (1 + \n)\n')).toEqual({
      name: 'SyntaxError',
      message: 'unexpected token',
      line: 3,
      column: 1,
      frames: [],
    });
    expect(await errorOf('const a = 1\nconst b = a b')).toMatchObject({
      message: 'unexpected token, expected ";"',
      line: 2,
      column: 13,
    });
    expect(await errorOf('let s = `one\ntwo')).toMatchObject({ message: 'unterminated template', line: 1 });
    expect(await errorOf('interface A {\n  x: number\n')).toMatchObject({ name: 'SyntaxError', line: 3 });
  });

  test('of a text in Python say what to write instead, at its first such line', async () => {
    for (const [text, line] of [
      ['import torch\nimport torch.nn as nn\nx = torch.randn(2)', 1],
      ['from torch import nn\n', 1],
      ['const a = 1\ndef f(x):\n  return x', 2],
      ['class Net(nn.Module):\n  pass', 1],
      ['for i in range(3):\n  print(i)', 1],
    ] as const) {
      expect(await errorOf(text), text).toMatchObject({
        name: 'SyntaxError',
        message: expect.stringContaining('this is Python'),
        line,
      });
    }
    expect((await errorOf("import x from 'wudnn'\nfor (const a of [1]) {\n  b b\n}")).message).not.toContain('Python');
    expect((await errorOf('let a = None')).message).toBe('None is not defined; in TypeScript write null');
  });

  test('that only the engine sees are placed by the host', async () => {
    const text = `import { torch } from 'wudnn'\nconst x: Map<string, number> = torch.ones(1)\nconst a = 1; const x = 2`;
    expect(await errorOf(text, { locate })).toMatchObject({
      name: 'SyntaxError',
      message: "Identifier 'x' has already been declared",
      line: 3,
      column: 20,
    });
    expect(await errorOf('function f() {\n  await 1\n}', { locate })).toMatchObject({ name: 'SyntaxError', line: 2 });
  });

  test('and without a host that can tell, are still told', async () => {
    expect(await errorOf('const x = 1\nconst x = 2')).toMatchObject({ name: 'SyntaxError', line: undefined });
  });
});

describe('imports that do not exist', () => {
  test('an unknown module', async () => {
    const error = await errorOf(`import { torch } from 'wudnn'\nimport _ from 'lodash'\n_.x(torch)`);
    expect(error).toMatchObject({ message: "import: no module 'lodash'; a program can import 'wudnn'", line: 2 });
    expect((await errorOf(`import 'lodash'`, { require: () => undefined })).message).toContain("Node's own modules");
  });

  test('an unknown name of a known module, at its first use', async () => {
    const error = await errorOf(`import { torch, nm } from 'wudnn'\ntorch.ones(1)\nclass A extends nm.Module {}`);
    expect(error).toMatchObject({ message: "import: 'wudnn' has no 'nm'; it has torch, nn", line: 3, column: 17 });
  });

  test('a name in the manner of Python, or with a slip of the shift key, is told as it should be', async () => {
    expect((await errorOf("import { torch } from 'wudnn'\ntorch.Ones(1)")).message).toBe(
      "torch has no 'Ones'; did you mean ones?",
    );
    expect((await errorOf("import { nn } from 'wudnn'\nnew nn.mod_ule()")).message).toBe(
      "nn has no 'mod_ule'; did you mean Module?",
    );
    expect((await errorOf("import { nn } from 'wudnn'\nnew nn.Linear()")).message).toBe(
      "nn has no 'Linear'; it has Module",
    );
    expect((await errorOf('const mine = {}\nmine.run()')).message).toBe('mine.run is not a function');
  });

  test('names of Object.prototype are not modules', async () => {
    expect((await errorOf(`import x from 'constructor'\nx()`)).message).toContain("no module 'constructor'");
  });
});
