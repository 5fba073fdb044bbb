/**
 * Intent: what a run was like inside is told whole and without contradiction: graph, kernels and times name the same
 * nodes and the program's lines, and the page takes it as it comes. The lines were counted in the programs below.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { nextTask } from '../../src/compile/garbage.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { inspection as form } from '../../src/playground/engine/inspection-form.ts';
import { Session } from '../../src/session/session.ts';
import type { Inspection } from '../../src/session/protocol.ts';
import { torch } from '../../src/torch/index.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { collect } from '../support/garbage.ts';

const session = new Session({ versions: {} });

beforeAll(async () => {
  provideShaders(readShaders());
  await session.start((await openTestAdapter()).gpu, '');
});
afterAll(() => engine.device!.destroy());

const run = (text: string, inspect = true) => session.run(text, { console: () => {}, progress: () => {} }, { inspect });

async function inspected(text: string): Promise<Inspection> {
  const result = await run(text);
  expect(result).toMatchObject({ ok: true });
  return form(structuredClone(session.inspection()), 'inspection');
}

const compiled = `import { torch, nn } from 'wudnn';
class Net extends nn.Module {
  conv = new nn.Conv2d(3, 4, 3, { padding: 1 });
  forward(x) {
    const y = this.conv(x).relu();
    return y.div(y.sum(1, true).add(1));
  }
}
const net = torch.compile(new Net().to('webgpu').eval());
export const out = await torch.noGrad(() => net(torch.randn(2, 3, 8, 8).to('webgpu')));
`;

describe.each([
  ['compiled', compiled],
  ['eager', compiled.replace("torch.compile(new Net().to('webgpu').eval())", "new Net().to('webgpu').eval()")],
  ['an example that trains', readFileSync('src/playground/examples/4-train.ts', 'utf8')],
])('%s', (_, text) => {
  test('graph, kernels and times fit together', async () => {
    const { schedules, profile, memory, phases, start, end } = await inspected(text);
    expect(schedules.length).toBeGreaterThan(0);
    for (const { recorded, passes, kernels, unfused } of schedules) {
      for (const graph of [recorded, ...passes.map((pass) => pass.graph)]) {
        const seen = new Set<number>();
        for (const { id, inputs } of graph) {
          expect(inputs.every((input) => seen.has(input))).toBe(true);
          seen.add(id);
        }
      }
      const computed = recorded.filter(({ kind }) => kind === 'computed').map(({ id }) => id);
      const byKernels = new Set(kernels.flatMap(({ nodes }) => nodes));
      expect(computed.filter((id) => !byKernels.has(id))).toEqual([]);
      const last = new Set(passes.at(-1)!.graph.map(({ id }) => id));
      for (const { edge } of unfused) expect(edge.every((id) => last.has(id))).toBe(true);
    }
    for (const { name, kernel, start: began, end: ended } of profile!.events) {
      expect(schedules[kernel!.schedule].kernels[kernel!.kernel].name).toBe(name);
      expect(ended).toBeGreaterThanOrEqual(began);
    }
    expect(profile!.events.length).toBeGreaterThan(0);
    for (const phase of phases) expect([phase.start >= start, phase.end <= end]).toEqual([true, true]);
    for (const { plan, held } of memory.samples)
      for (const { activations, gradients, workspace } of memory.plans[plan].live)
        expect(activations + gradients + workspace).toBeLessThanOrEqual(held.intermediates);
    expect(memory.samples.length).toBeGreaterThan(0);
    expect(new Set(phases.map(({ name }) => name))).toEqual(new Set(['planning', 'compiling', 'reading back']));
  });
});

test('nodes have their lines and layers, and a pass shows what it made of them', async () => {
  const { schedules } = await inspected(compiled);
  const { recorded, passes } = schedules.at(-1)!;
  const told = recorded.filter(({ kind }) => kind === 'computed').map(({ name, lines, layer }) => [name, lines, layer]);
  expect(told).toEqual([
    ['conv2d', [5], 'Net.conv (Conv2d)'],
    ['relu', [5], 'Net'],
    ['sum', [6], 'Net'],
    ['add', [6], 'Net'],
    ['div', [6], 'Net'],
  ]);
  const graph = (name: string) => passes.find((pass) => pass.name === name)!.graph;
  const fused = graph('epilogues').find(({ name }) => name.startsWith('conv2d'))!;
  expect(fused).toMatchObject({ name: 'conv2d+relu', lines: [5], shape: [2, 4, 8, 8] });
  const groups = graph('reductions').filter(({ group }) => group !== undefined);
  expect(groups.map(({ name }) => name)).toEqual(['sum', 'add', 'div']);
  expect(new Set(groups.map(({ group }) => group)).size).toBe(1);
});

test('an edited program has the lines of its new text', async () => {
  const text = `import { torch } from 'wudnn';\nexport const y = torch.ones(4).to('webgpu').exp();\n`;
  const lineOfExp = async (program: string) =>
    (await inspected(program)).schedules[0].recorded.find(({ name }) => name === 'exp')!.lines;
  expect(await lineOfExp(text)).toEqual([2]);
  expect(await lineOfExp(`\n\n${text}`)).toEqual([4]);
});

test('a kernel is told as the driver gets it', async () => {
  await inspected(compiled);
  const { code, segments } = session.kernelText({ schedule: 0, kernel: 0 });
  expect(code).toContain('@compute');
  expect(() => session.kernelText({ schedule: 0, kernel: 99 })).toThrow('inspection: schedule 0 has no kernel 99');
  expect(segments.at(-1)!.start + segments.at(-1)!.lines).toBe(code.split('\n').length);
});

test('a program that takes a profile itself has it, and the inspection has none', async () => {
  const { profile, schedules } = await inspected(`import { torch } from 'wudnn';
const prof = torch.profiler.profile();
export const y = await prof.run(() => torch.ones(4).to('webgpu').exp());
if (prof.data().events.length === 0) throw new Error('no events');
`);
  expect(profile).toBeUndefined();
  expect(schedules.length).toBe(1);
});

test('a run without it, and one that fails, leave none', async () => {
  await inspected(compiled);
  await run(compiled, false);
  expect(() => session.inspection()).toThrow(/the last run was not inspected/);
  await run(`throw new Error('no');`);
  expect(() => session.inspection()).toThrow(/the last run was not inspected/);
});

test('the page refuses an inspection that is none, with the place', async () => {
  const right = structuredClone(await inspected(compiled)) as unknown as { schedules: { kernels: unknown[] }[] };
  right.schedules[0].kernels[0] = { name: 'x' };
  expect(() => form(right, 'inspection')).toThrow(/^inspection\.schedules\[0\]\.kernels\[0\]\./);
});

describe('memory', () => {
  const kib = 1024;

  /** What earlier programs left is gone and not told: the session lets go of it at the next run, V8 when it likes. */
  beforeEach(async () => {
    await run('', false);
    await expect
      .poll(async () => {
        collect();
        await nextTask();
        return torch.webgpu.memoryAllocated();
      })
      .toBe(0);
  });

  test('is told by owner, and the intermediates by kernel', async () => {
    const { memory } = await inspected(`import { torch, nn } from 'wudnn';
const layer = new nn.Linear(64, 64, { bias: false }).to('webgpu');
const x = torch.randn(64, 64).to('webgpu');
const y = await torch.noGrad(() => layer(x));
export const z = y.relu().exp().sum(1);
`);
    const { samples, plans, leftOut } = memory;
    const [first, last] = [samples[0], samples.at(-1)!];
    // 64·64 floats each. The 64 sums take the least that the pool gives.
    const none = { 'optimizer state': 0, gradients: 0, other: 0 };
    expect(first.held).toEqual({
      ...none,
      parameters: 16 * kib,
      inputs: 16 * kib,
      activations: 16 * kib,
      intermediates: 0,
    });
    expect(last.held).toMatchObject({ ...none, activations: 16 * kib + 256, intermediates: 32 * kib });
    // relu's result lives until exp has read it, and exp's until it is summed.
    const { live, planned, unshared, place } = plans[last.plan];
    expect(live.map(({ activations }) => activations / kib)).toEqual([16, 32, 16]);
    expect(live.every(({ gradients }) => gradients === 0)).toBe(true);
    expect([planned, unshared]).toEqual([32 * kib, 32 * kib]);
    expect(place).toEqual({ schedule: last.plan, kernel: 0 });
    expect(leftOut).toBe(0);
  });

  test('of a training has gradients, and what the optimizer remembers', async () => {
    const { memory } = await inspected(`import { torch, nn, F, optim } from 'wudnn';
const layer = new nn.Linear(64, 64, { bias: false }).to('webgpu');
const adam = new optim.Adam(layer.parameters());
const x = torch.randn(64, 64).to('webgpu');
for (let step = 0; step < 3; step++) {
  adam.zeroGrad();
  F.mseLoss(layer(x), x).backward();
  await adam.step();
}
`);
    const { held, plan } = memory.samples.at(-1)!;
    // The weight as it was and as it becomes, and likewise the two tensors that Adam keeps of it.
    expect(held.parameters).toBeGreaterThanOrEqual(2 * 16 * kib);
    expect(held['optimizer state']).toBeGreaterThanOrEqual(4 * 16 * kib);
    expect(held.inputs).toBe(16 * kib);
    const { live, planned, unshared } = memory.plans[plan];
    const gradients = live.map((bytes) => bytes.gradients);
    expect(held.gradients + Math.max(...gradients)).toBeGreaterThanOrEqual(16 * kib);
    expect(planned).toBeLessThan(unshared);
    expect(held.intermediates).toBeGreaterThanOrEqual(planned);
  });
});
