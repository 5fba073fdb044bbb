/**
 * @file Intent: the record of a compilation says what each pass made of the graph, in figures that a person can work
 * out, what the kernels are, and for every pair of operations that is not fused the reason. Nothing runs: Dawn's null
 * backend needs no driver.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { compilationText, gainText } from '../../src/cli/compiled-text.ts';
import type { Compilation, CompiledOperation, PassRecord } from '../../src/compile/compilation.ts';
import { engine } from '../../src/compile/engine.ts';
import type { PassName } from '../../src/compile/passes/index.ts';
import { Session } from '../../src/session/session.ts';
import { F, torch } from '../../src/torch/index.ts';
import { compiledPrograms } from '../support/compiled-programs.ts';
import { withNullEngine } from '../support/null-engine.ts';

const session = new Session({ versions: {} });

withNullEngine();
beforeEach(() => {
  engine.forget();
  engine.settings.enabled = false;
  engine.recordsCompilations = 'compiled';
  torch.manualSeed(1);
});

const pairText = ({ name, shape }: CompiledOperation): string => `${name} ${shape.join('×')}`;

describe('a reason for every pair that is not fused', () => {
  test.for(Object.keys(compiledPrograms))('%s', async (name) => {
    await compiledPrograms[name]();
    const compilations = engine.takeCompilations();
    expect(compilations.length).toBeGreaterThan(0);
    const pairs = compilations.flatMap(({ unfused }) => unfused);
    expect(pairs.filter(({ reason }) => reason.trim() === '')).toEqual([]);
    const texts = pairs.map(
      ({ producer, consumer, reason }) => `${pairText(producer)} → ${pairText(consumer)}: ${reason}`,
    );
    expect([...new Set(texts)].join('\n')).toMatchSnapshot();
  });
});

test('convolution, bias, ReLU and pool are one kernel where eager code has four, and six planes need not be moved', async () => {
  const [x, w, b] = [[2, 3, 16, 16], [8, 3, 3, 3], [8]].map((shape) => torch.randn(...shape).to('webgpu'));
  await torch.sync();
  const layers = (t: torch.Tensor): torch.Tensor =>
    F.maxPool2d(F.relu(F.conv2d(t, w, null, { padding: 1 }).add(b.reshape(8, 1, 1))), 2);
  await torch.compile(layers)(x).data();
  const [{ passes, kernels }] = engine.takeCompilations();
  const moved = passes.map(({ bytesRead, bytesWritten }) => bytesRead + bytesWritten);
  const plane = 4 * 2 * 8 * 16 * 16;
  expect(passes.map((pass) => pass.kernels)).toEqual([4, 4, 4, 1, 1, 1, 1, 1]);
  // Between the four, three planes are written and read.
  expect(moved[0] - moved.at(-1)!).toBe(6 * plane);
  expect(moved.at(-1)).toBe(4 * (2 * 3 * 16 * 16 + 8 * 3 * 3 * 3 + 8) + plane / 4);
  expect(kernels).toMatchObject([
    { buffers: 4, once: false, operations: ['conv2d', 'add', 'relu', 'maxPool2d'].map((name) => ({ name })) },
  ]);
});

const program = `import { torch } from 'wudnn';
const x = torch.ones(6, 8).to('webgpu');
const f = torch.compile((t) => {
  const y = t.exp();
  return y.div(y.sum(1, true));
});
export const z = f(x);
`;

async function compilationOf(text: string, without: readonly PassName[] = []): Promise<Compilation> {
  const result = await session.run(text, { console: () => {}, progress: () => {} }, { compiling: { without } });
  expect(result.ok).toBe(true);
  const [compilation] = session.compilations();
  return compilation;
}

test('operations have the lines of the program, and reads as text', async () => {
  const compilation = await compilationOf(program, ['reductions']);
  expect(compilation.unfused).toMatchObject([
    {
      producer: { name: 'exp', shape: [6, 8], lines: [4] },
      consumer: { name: 'sum', shape: [6, 1], lines: [5] },
      reason: 'sum brings many elements together, so its kernel is its own',
    },
    {
      producer: { name: 'exp', shape: [6, 8], lines: [4] },
      consumer: { name: 'div', shape: [6, 8], lines: [5] },
      reason: 'sum needs the value first',
    },
    {
      producer: { name: 'sum', shape: [6, 1], lines: [5] },
      consumer: { name: 'div', shape: [6, 8], lines: [5] },
      reason: 'sum brings many elements together, so its kernel is its own',
    },
  ]);
  const text = compilationText(compilation, true);
  expect(text).toContain('exp [6, 8], line 4  sum [6, 1], line 5  sum brings many elements together');
  expect(text).toMatch(/\/\/ pointwise div\n\/\/ div \[6, 8\], line 5\nstruct Params/);
  expect(compilationText(compilation, false)).not.toContain('struct Params');
});

test('a formula, the sum of its results and their division by it are one kernel where eager code has three, and nothing lies between', async () => {
  const { passes, kernels, unfused } = await compilationOf(program);
  expect(passes.map((pass) => pass.kernels)).toEqual([3, 3, 3, 3, 3, 3, 3, 1]);
  // The program's input is a constant, which the kernel has as a number.
  expect(passes.at(-1)).toMatchObject({ bytesRead: 0, bytesWritten: 4 * 6 * 8 });
  expect(kernels).toMatchObject([
    { name: 'fused exp+sum+div', operations: ['exp', 'sum', 'div'].map((name) => ({ name })) },
  ]);
  expect(unfused).toEqual([]);
});

test('text tells the kernels and bytes that are saved, and what the intermediates take', async () => {
  const compilation = await compilationOf(program, []);
  const moved = ({ bytesRead, bytesWritten }: PassRecord): number => bytesRead + bytesWritten;
  const [first, last] = [compilation.passes[0], compilation.passes.at(-1)!];
  expect(compilationText(compilation, false)).toContain(
    `3 kernels with one for each operation, 1 here; ${moved(first) - moved(last)} B of ${moved(first)} B need not be moved.`,
  );
  expect(compilationText(compilation, false)).toContain('Intermediates of 0 B share 0 B; results take 192 B.');
});

test('a gain is a ratio with its interval, or none, or not decided, and a loss is one', () => {
  const rounds = (ms: (round: number) => number): number[] => Array.from({ length: 15 }, (_, round) => ms(round));
  const steady = rounds(() => 10);
  const gain = (withoutMs: number[]): string => gainText({ withMs: steady, withoutMs });
  expect(gain(rounds((round) => 20 + (round % 2)))).toMatch(/^2\.\d\d× \(2\.00 to 2\.10\)$/);
  expect(gain(rounds((round) => 10 + 0.1 * ((round % 3) - 1)))).toMatch(/^none here \(0\.99 to 1\.01\)$/);
  expect(gain(rounds((round) => (round % 2 === 0 ? 5 : 20)))).toMatch(/^not decided \(0\.50 to 2\.00\)$/);
  expect(gain(rounds((round) => 5 + 0.1 * (round % 2)))).toMatch(/^a loss: 0\.50× \(0\.50 to 0\.51\)$/);
});

test('a pass that is left out is left out of the record', async () => {
  const chain = `import { torch } from 'wudnn';
const x = torch.ones(4).to('webgpu');
export const z = torch.compile((t) => t.exp().add(1))(x);
`;
  expect((await compilationOf(chain)).kernels).toHaveLength(1);
  const without = await compilationOf(chain, ['pointwise']);
  expect(without.kernels).toHaveLength(2);
  expect(without.passes.map(({ name }) => name)).not.toContain('pointwise');
});

test('without being asked, nothing is recorded', async () => {
  engine.recordsCompilations = undefined;
  await torch
    .compile((t: torch.Tensor) => t.exp())(torch.ones(4).to('webgpu'))
    .data();
  expect(engine.takeCompilations()).toEqual([]);
});
