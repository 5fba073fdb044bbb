/**
 * @file Intent: a program leaves the realm that a stranger's code has touched only where it is one that this printer
 * writes; what is printed of every operation and every layer passes, and no text of a stranger's becomes Python.
 */
import { expect, test } from 'vitest';
import { dtypes } from '../../src/base/dtype.ts';
import { pythonString } from '../../src/base/python.ts';
import { sizeOf } from '../../src/base/shape.ts';
import * as e from '../../src/graph/expr.ts';
import type { TracedModel } from '../../src/graph/types.ts';
import { checkProgram } from '../../src/remote/printed/check.ts';
import { createJob } from '../../src/remote/program.ts';
import { fromHost } from '../../src/torch/creation.ts';
import * as nn from '../../src/torch/nn/index.ts';
import * as torch from '../../src/torch/torch.ts';
import { takeTrace } from '../../src/torch/trace.ts';
import { stored, titleOf } from '../ops/case.ts';
import { families } from '../ops/cases/index.ts';
import { Expression } from '../ops/expression.ts';
import { layerCases } from '../support/layers.ts';
import { smallResNet } from '../support/traces.ts';

/** The program of a recorded model; its numbers do not matter here. */
async function programOf(model: TracedModel): Promise<string> {
  const job = await createJob(model, async ({ dtype, shape }) => new dtypes[dtype].array(sizeOf(shape)), {
    gradients: true,
    findAlgorithms: true,
  });
  return job.program;
}

async function complaintOf(module: nn.Module, inputs: readonly torch.Tensor[]): Promise<string | undefined> {
  takeTrace();
  module(...inputs);
  try {
    await programOf(takeTrace().model!);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test.each(Object.keys(families))('what is printed of the cases of %s passes', async (family) => {
  for (const c of families[family].filter(({ inputs }) => Object.keys(inputs).length > 0)) {
    const leaves = Object.entries(c.inputs).map(([name, { dtype }]) =>
      fromHost(stored(c, name).data, stored(c, name).shape, dtype),
    );
    expect.soft(await complaintOf(new Expression(c), leaves), titleOf(c)).toBeUndefined();
  }
});

test('what is printed of every layer passes', async () => {
  for (const { make, inputs, python } of layerCases) {
    class Holder extends nn.Module {
      layer = make();

      override forward(...given: torch.Tensor[]): unknown {
        return this.layer(...given);
      }
    }
    const given = inputs.map(([shape, dtype, high]) =>
      dtype === 'float32' ? torch.randn(shape) : torch.randint(0, high, shape),
    );
    expect.soft(await complaintOf(new Holder(), given), python).toBeUndefined();
  }
});

/** Python that would do harm, in each form in which it could get between the lines of a program. */
const harm = [
  'import socket',
  'x = __import__("os")',
  'x = torch.load("a")',
  'x = torch.os.system("id")',
  'x = torch.hub.load("a", "b")',
  'x = F.torch.load("a")',
  'x = nn.modules.module.torch.load("a")',
  'x = x.numpy().tofile("a")',
  'x = x.apply_(x)',
  'x = x.__class__',
  'x = self.__dict__',
  'x = self.conv.weight.__reduce__()',
  'x = self.conv.__init__(1)',
  'x = self.forward(x)',
  'x = self.conv.weight.new_empty(1000)',
  'x = self.conv.register_forward_hook(x)',
  'x = self.apply(x)',
  'x = eval("1")',
  'x = getattr(torch, "load")',
  'x = getattr(self, "apply")(x)',
  'x = (lambda: 1)()',
  'x = [y for y in x]',
  'x = f"{x}"',
  'x = b"a"',
  'x = "a" "b"',
  'x = """a"""',
  'x = x if x else x',
  'x = x; import os',
  'x = x # a',
  'x = x \\',
  'x = 9 ** 9',
  'x: int = 1',
  'x = unknown',
  'x = MODEL',
  'x = json',
  'x = open("a")',
  'x = print("a")',
  'del x',
  'raise x',
  'assert x',
  'pass',
  'global x',
  'for x in x: pass',
  'while True: pass',
  'if True: x = x',
  'with x: pass',
  'x = yield',
  'x = *x',
  'x = F.relu',
  'x = "a".format(x)',
  'x += 1',
  'self.conv = x',
  'x.grad = x',
  'x = x.\\u0061bs()',
  'x = \u202ex',
  'x = x\tor x',
  'x = [x)',
];

test.each(harm)('%s is no statement of a printed program', async (line) => {
  const program = await programOf(smallResNet());
  const conv = /^ {8}\w = self\.conv1\(x\)\n/m;
  const placed = [
    program.replace(conv, (found) => `${found}        ${line.replaceAll('self.conv.', 'self.conv1.')}\n`),
    program.replace(/^ {8}self\.conv1 = /m, (found) => `        ${line}\n${found}`),
    program.replace('MODEL = ', (found) => `${line}\n${found}`),
    program.replace('def read_tensors(path):', (found) => `${line}\n${found}`),
    program.replace('    apply_switches()\n', (found) => `    ${line}\n${found}`),
    `${program}${line}\n`,
    program.replace(/^"""/, () => `"""\n${line}\n"""`),
  ];
  for (const [i, text] of placed.entries()) {
    expect(text).not.toBe(program);
    expect(() => checkProgram(text), `place ${i}`).toThrow(/^job: line \d+ of its program is not allowed/);
  }
});

test.each([
  ['SETTINGS', '"dtype": "float32"', '"dtype": "load"'],
  ['SETTINGS', '"repeats": 20', '"repeats": 1e99'],
  ['PARTS', 'list_kernels', 'find_alone'],
  ['MODEL', 'MODEL = ResNet', 'MODEL = os'],
  ['a class that takes a name of the fixed parts', 'class BasicBlock(', 'class print('],
  ['the entry', 'if __name__ == "__main__":', 'if True:'],
  ['the device', '"cuda" if', 'os.system("id") if'],
])('%s: %s is there, and %s is refused', async (_, printed, changed) => {
  const program = await programOf({ ...smallResNet(), name: 'ResNet' });
  const at = program.lastIndexOf(printed);
  expect(at).toBeGreaterThan(0);
  expect(() => checkProgram(program.slice(0, at) + changed + program.slice(at + printed.length))).toThrow(
    /is not allowed/,
  );
});

const evil = [
  'A"""\nimport os\n"""',
  "A'''\nx",
  'A\\',
  'A\u202eB',
  'A\u2028B',
  'torch',
  'nn',
  'F',
  'main',
  'print',
  'MODEL',
  'class',
  '__init__',
  '',
  '9',
  'A(nn.Module):\n    pass\nimport os\nclass B',
  '\u{1f600}',
  '\ud800',
  '${x}',
  'A'.repeat(300),
];

test.each(evil)('a class, a field, a parameter and a layer named %j are text or an identifier', async (name) => {
  const own = (module: nn.Module): Record<string, unknown> => module as unknown as Record<string, unknown>;
  const Inner = {
    [name]: class extends nn.Module {
      constructor() {
        super();
        own(this)[name] = new nn.Parameter(torch.ones(3));
      }

      override forward(x: torch.Tensor): torch.Tensor {
        return x.mul(own(this)[name] as torch.Tensor);
      }
    },
  }[name];
  const Outer = {
    [name]: class extends nn.Module {
      constructor() {
        super();
        Object.assign(own(this), { [name]: new Inner(), [`${name} `]: new nn.Linear(3, 3) });
      }

      override forward(x: torch.Tensor): unknown {
        return (own(this)[`${name} `] as nn.Module)((own(this)[name] as nn.Module)(x));
      }
    },
  }[name];
  takeTrace();
  new Outer()(torch.randn(2, 3));
  const program = await programOf(takeTrace().model!);
  expect(program).toMatch(/^[ -~\n]*$/);
});

test('what a class says of itself is not printed', async () => {
  class Liar extends nn.Module {
    static python = 'os.system("id")';
    scale = new nn.Parameter(torch.ones(3));

    get python(): string {
      return 'os.system("id")';
    }

    override extraRepr(): string {
      return '"""';
    }

    override forward(x: torch.Tensor): torch.Tensor {
      return x.mul(this.scale);
    }
  }
  class Child extends nn.Linear {
    static python = 'nn.Linear(3, 3); os.system("id")';
  }
  class Model extends nn.Module {
    a = new Liar();
    b = new Child(3, 3);

    override forward(x: torch.Tensor): unknown {
      return this.b(this.a(x) as torch.Tensor);
    }
  }
  const model = new Model();
  const liar = new Proxy(Model, { get: () => ({ [Symbol.toPrimitive]: () => '"""' }) });
  Object.defineProperty(model, 'constructor', { get: () => liar });
  takeTrace();
  model(torch.randn(2, 3));
  const program = await programOf(takeTrace().model!);
  expect(program).not.toContain('"id"');
  expect(program).toContain('class Liar(nn.Module):');
  expect(program).toContain('class Child(nn.Module):');
  expect(program).toContain('MODEL = Module\n');
});

test('code in a layer is not printed, and in a graph it is refused', async () => {
  const inner = new nn.Linear(3, 3);
  Object.assign(inner, { inFeatures: '3, 3); import os; (' });
  class Model extends nn.Module {
    inner = inner;

    override forward(x: torch.Tensor): unknown {
      return this.inner(x);
    }
  }
  takeTrace();
  new Model()(torch.randn(2, 3));
  expect(await programOf(takeTrace().model!)).toContain('self.inner = nn.Linear(3, 3)\n');

  const model = smallResNet();
  const y = e.sum(model.outputs[0], [1]);
  Object.assign(y, { attrs: { dims: ['1) or __import__("os").system("id"'], keepdim: false } });
  await expect(programOf({ ...model, outputs: [y] })).rejects.toThrow(/is not allowed/);
});

test('a text is a literal in ASCII that Python reads back', () => {
  expect(pythonString('a"\\\n\u202e\u{1f600}é')).toBe('"a\\"\\\\\\u000a\\u202e\\U0001f600\\u00e9"');
});
