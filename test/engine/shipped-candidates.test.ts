/**
 * Intent: each of our kernels that computes a convolution by itself can be brought by a program as the kernel pane
 * writes it, and is right there; each of the others says why not.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import type { KernelText } from '../../src/compile/compilation.ts';
import { candidateForm } from '../../src/compile/trial/candidate-form.ts';
import { candidates, slotsOf } from '../../src/dnn/choice/candidates.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { launchesOf } from '../../src/dnn/solution.ts';
import { link, provideShaders } from '../../src/gpu/linker.ts';
import { candidateOf, withCandidate } from '../../src/playground/panes/kernel/own.ts';
import { partsOf } from '../../src/playground/panes/kernel/source-parts.ts';
import { openAdapter } from '../../src/machine/adapters.ts';
import { Session } from '../../src/session/session.ts';
import { softwareAdapters } from '../support/device.ts';

provideShaders(readShaders());
const bias = { bias: true, residual: false, activation: 'relu' } as const;
const geometry = { x: [2, 8, 10, 9], w: [16, 8, 3, 3], padding: [1, 1, 1, 1] } as const;
const depthwise = { x: [2, 8, 10, 8], w: [8, 1, 3, 3], padding: [1, 1, 1, 1], groups: 8 } as const;

// The texts are the same on each.
describe.each((await softwareAdapters()).slice(0, 1))('on %s', (adapter) => {
  const session = new Session({ versions: {} });
  beforeAll(async () => {
    engine.plans = new PlanCache();
    await session.start((await openAdapter(adapter)).gpu, '');
  });
  afterAll(async () => {
    const { device } = engine;
    device?.destroy();
    await device?.lost;
  });

  /** What the kernel pane shows of each way to compute a convolution: algorithm, name and text of its first kernel. */
  const shown = (d: ConvDescriptor): { algo: string; name: string; text: KernelText }[] => {
    const problem = convProblem(d);
    return candidates(problem, engine.device!).plans.map((plan) => {
      const [launch] = launchesOf(problem, plan, slotsOf(problem, plan));
      const text = { ...link(launch.kernel), candidate: candidateForm(launch) };
      return { algo: plan.algorithm.name, name: launch.kernel.label, text };
    });
  };

  const shapes = (d: ConvDescriptor): string =>
    `const x = torch.randn(${d.N}, ${d.C}, ${d.H}, ${d.W}).to('webgpu');
const w = torch.randn(${d.K}, ${d.C / d.groups}, ${d.R}, ${d.S}).to('webgpu');
const y = torch.randn(${d.N}, ${d.K}, ${d.P}, ${d.Q}).to('webgpu');
const more = { padding: ${d.padTop}, groups: ${d.groups} };`;

  test.each([
    [
      'with an epilogue',
      convDescriptor(geometry, { epilogue: bias }),
      "dnn.convolutionForward(x, w, { ...more, bias: torch.ones(16).to('webgpu'), activation: 'relu' })",
      ['DIRECT', 'IMPLICIT_GEMM'],
    ],
    ['of a channel each', convDescriptor(depthwise), 'F.conv2d(x, w, null, more)', ['DIRECT', 'IMPLICIT_GEMM']],
    [
      'of the data',
      convDescriptor(geometry, { direction: 'backward data' }),
      'dnn.convolutionBackwardData(y, w, { ...more, inputSize: x.shape })',
      ['ALGO_1'],
    ],
    [
      'of the filter',
      convDescriptor(geometry, { direction: 'backward filter' }),
      'dnn.convolutionBackwardFilter(x, y, { ...more, weightSize: w.shape })',
      ['ALGO_1'],
    ],
  ])('kernels of a convolution %s are right as candidates', async (_, d, call, expected) => {
    let program = `import { torch, F } from 'wudnn';
torch.backends.cudnn.benchmark = true;
${shapes(d)}
export const result = ${call};
`;
    const brought: { algo: string; name: string }[] = [];
    const refused = new Set<string>();
    for (const { algo, name, text } of shown(d)) {
      const candidate = candidateOf(text, partsOf(text, { name }), new Map());
      if (candidate === undefined) throw new Error(`${name} has no form`);
      if ('refusal' in candidate) {
        refused.add(candidate.refusal);
        continue;
      }
      expect(candidate.kernel).toBe(name);
      program = withCandidate(program, candidate);
      brought.push({ algo, name });
    }
    expect([...new Set(brought.map(({ algo }) => algo))]).toEqual(expect.arrayContaining(expected));
    for (const reason of refused) expect(reason).toMatch(/; a candidate |which is all that a candidate is given/);

    const printed: string[] = [];
    const events = { console: ({ text }: { text: string }) => void printed.push(text), progress: () => {} };
    const result = await session.run(program, events, { benchmarkBudgetMs: 300_000 });
    expect(result.ok ? 'ran' : result.error.message).toBe('ran');
    expect(printed).toEqual([]);
    const own = result.choices[0].candidates.filter((candidate) => candidate.own);
    expect(own.map(({ status, reason }) => `${status} ${reason ?? ''}`.trim())).toEqual(brought.map(() => 'success'));
  });

  test('one of another problem is left out, and says which it is for', async () => {
    const d = convDescriptor(geometry);
    const { name, text } = shown(d).find(({ algo }) => algo === 'DIRECT')!;
    const candidate = candidateOf(text, partsOf(text, { name }), new Map())!;
    if ('refusal' in candidate) throw new Error(candidate.refusal);
    const program = `import { torch, F } from 'wudnn';
${shapes(d)}
export const result = F.conv2d(x, w);
`;
    const result = await session.run(withCandidate(program, candidate), { console: () => {}, progress: () => {} });
    expect(result.choices[0].candidates.find(({ own }) => own)).toMatchObject({
      status: 'not supported',
      reason: 'it is for 2×8×10×9 * 16×8×3×3, padding 1, float32 only',
    });
  });

  test('an error in a file that a kernel builds upon has its place there', async () => {
    const text = '@compute @workgroup_size(1) fn main() {}'; // without the x that the file reads
    const program = `import { torch, F, dnn } from 'wudnn';
torch.backends.cudnn.benchmark = true;
dnn.customConvolution('mine', ${JSON.stringify(text)}, { workgroups: 1, files: ['conv2d/strips/elements.wgsl'] });
export const y = F.conv2d(torch.ones(1, 1, 4, 4).to('webgpu'), torch.ones(1, 1, 3, 3).to('webgpu'));
`;
    const result = await session.run(program, { console: () => {}, progress: () => {} });
    const own = result.choices[0].candidates.find((candidate) => candidate.own)!;
    expect(own.status).toBe('failed');
    expect(own.reason).toMatch(/^shaders\/conv2d\/strips\/elements\.wgsl:\d+:\d+: /);
    const unknown = program.replace('strips/elements', 'strips/nothing');
    expect(await session.run(unknown, { console: () => {}, progress: () => {} })).toMatchObject({
      ok: false,
      error: {
        message: expect.stringMatching(/no shader file shaders\/conv2d\/strips\/nothing\.wgsl; that folder has /),
        line: 3,
      },
    });
  });
});
