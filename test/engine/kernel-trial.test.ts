/**
 * Intent: a kernel that somebody edited is compiled, tried and timed in the place of the shipped one, on every adapter;
 * whatever is wrong with it is told, with its place, and the engine works on. The page takes each answer as it comes.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import type { KernelPlace, KernelTrial } from '../../src/compile/compilation.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { openAdapter } from '../../src/machine/adapters.ts';
import { kernelCheck, kernelTrial } from '../../src/playground/engine/inspection-form.ts';
import { Session } from '../../src/session/session.ts';
import { softwareAdapters } from '../support/device.ts';

provideShaders(readShaders());

const program = `import { torch, dnn } from 'wudnn';
torch.manualSeed(0);
const x = torch.randn(2, 3, 9, 8).to('webgpu');
const w = torch.randn(4, 3, 3, 3).to('webgpu');
const asked = { algo: 'DIRECT', config: 'one output a thread' };
export const y = dnn.convolutionForward(x, w, { padding: 1, ...asked });
export const z = y.mul(2).exp();
export const sorted = z.flatten().sort().values;
`;

describe.each(await softwareAdapters())('on %s', (adapter) => {
  const session = new Session({ versions: {} });
  beforeAll(async () => {
    await session.start((await openAdapter(adapter)).gpu, '');
    const ran = await session.run(program, { console: () => {}, progress: () => {} }, { inspect: true });
    expect(ran).toMatchObject({ ok: true });
  });
  afterAll(async () => {
    const device = engine.device;
    device?.destroy();
    await device?.lost;
  });

  /** The first kernel whose name has these letters. */
  function placeOf(name: string): KernelPlace {
    const places = session
      .inspection()
      .schedules.flatMap(({ kernels }, schedule) =>
        kernels.flatMap((record, kernel) => (record.name.includes(name) ? [{ schedule, kernel }] : [])),
      );
    return places[0];
  }
  async function trial(name: string, edit: (text: string) => string): Promise<KernelTrial> {
    const place = placeOf(name);
    const { code } = session.kernelText(place);
    const text = edit(code);
    return kernelTrial(structuredClone(await session.trialKernel({ place, text })), 'engine');
  }

  test('a text is checked, with the line and column of what is wrong', async () => {
    const { code } = session.kernelText(placeOf('conv2d'));
    expect(kernelCheck(await session.checkKernel(code), '')).toEqual({ ok: true, messages: [] });
    const lines = code.split('\n');
    const at = lines.findIndex((line) => line.includes('fn main('));
    const wrong = [...lines.slice(0, at + 2), '  let a = foo;', ...lines.slice(at + 2)].join('\n');
    const { ok, messages } = kernelCheck(await session.checkKernel(wrong), '');
    expect(ok).toBe(false);
    expect(messages[0]).toMatchObject({ type: 'error', line: at + 3, column: 11, length: 3 });
    expect(messages[0].message).toContain("unresolved value 'foo'");
  });

  test.each(['conv2d/direct', 'exp', 'sort'])('%s as it is shipped is right, and both are timed', async (name) => {
    const done = await trial(name, (text) => text);
    expect(done).toMatchObject({ ok: true, messages: [] });
    expect(done.comparedWith).toBe(name.startsWith('conv2d') ? 'float64 reference' : 'shipped kernel');
    expect(done.maxError).toBeLessThanOrEqual(done.tolerance!);
    expect(done.shipped!.samplesMs.length).toBeGreaterThan(0);
    expect(done.edited!.medianMs).toBeGreaterThan(0);
    expect(done.behind!.rounds).toBeGreaterThan(0);
  });

  test('a wrong one is told by its first wrong output and what that reads', async () => {
    const done = await trial('conv2d/direct', (text) =>
      text.replace(/(y\[index\] = .*;)/, '$1\n  if (index == 101u) { y[index] = Elem(7); }'),
    );
    expect(done).toMatchObject({ ok: false, comparedWith: 'float64 reference' });
    expect(done.edited).toBeUndefined();
    // 101 = 1·72 + 3·8 + 5 of 2×4×9×8.
    expect(done.firstDifference).toMatchObject({
      element: 101,
      place: 'y[0, 1, 3, 5]',
      got: 7,
      reads: 'x[0, 0–2, 2–4, 4–6] × w[1, 0–2, 0–2, 0–2]',
    });
    expect(done.reason).toMatch(/the first wrong output is y\[0, 1, 3, 5\]: 7, expected -?\d/);
  });

  test('a wrong one without a reference is told by the first place where it differs', async () => {
    const done = await trial('exp', (text) => text.replace('f32(torch_exp(v0))', 'f32(1.5 * torch_exp(v0))'));
    expect(done).toMatchObject({ ok: false, comparedWith: 'shipped kernel', firstDifference: { element: 0 } });
    expect(done.reason).toMatch(/^differs from the shipped kernel; the first wrong output is \w+\[0\]: /);
  });

  test.each([
    ['an endless loop', 'loop { if (conv.N == 0u) { break; } }'],
    ['an endless loop that waits', 'loop { workgroupBarrier(); if (conv.N == 0u) { break; } }'],
    ['an endless loop in one invocation', 'while (index == 5u && conv.N > 0u) { }'],
  ])('%s is told, and the next trial works', async (_, loop) => {
    const done = await trial('conv2d/direct', (text) =>
      text.replace(/(let index = linear_invocation\(.*\);)/, `$1\n${loop}`),
    );
    expect(done).toMatchObject({ ok: false });
    expect(done.reason).toMatch(/^it did not end: an invocation went on after \d+ turns of its loops$/);
    expect(await trial('exp', (text) => text)).toMatchObject({ ok: true });
  });

  test('a text that does not compile runs nothing', async () => {
    const done = await trial('exp', (text) => text.replace('torch_exp(v0)', 'torch_expp(v0)'));
    expect(done).toMatchObject({ ok: false, messages: [{ type: 'error' }] });
    expect(done.shipped).toBeUndefined();
  });

  test('a text that wants other buffers is refused with the reason', async () => {
    const done = await trial('conv2d/direct', (text) =>
      text.replace('var<storage, read> x', 'var<storage, read_write> x'),
    );
    expect(done.ok).toBe(false);
    expect(done.reason).toMatch(/binding/i);
  });

  test('a place that is none is an error', async () => {
    await expect(session.trialKernel({ place: { schedule: 0, kernel: 99 }, text: '' })).rejects.toThrow(
      'inspection: schedule 0 has no kernel 99',
    );
  });
});
