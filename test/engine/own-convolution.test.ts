/**
 * Intent: a convolution kernel that a program brings races with ours on every adapter: a right one takes its rank and
 * can be forced, a wrong one is out and says where; one that reads or writes outside its buffers, never ends or does
 * not compile leaves an engine that works on. No test depends on which candidate is the fastest.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import type { AlgorithmChoice, Candidate } from '../../src/dnn/choice/records.ts';
import { reasonOf } from '../../src/dnn/choice/verdict.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { openAdapter } from '../../src/machine/adapters.ts';
import { runResult } from '../../src/playground/engine/forms.ts';
import type { ConsoleEntry, RunOptions, RunResult } from '../../src/session/protocol.ts';
import { Session } from '../../src/session/session.ts';
import { softwareAdapters } from '../support/device.ts';

provideShaders(readShaders());

/** A kernel as a visitor writes it, with the constants; `store` is the last statement, `body` stands before the sum. */
const naive = (store = 'y[i] = sum;', body = ''): string => `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3<u32>) {
  let i = gid.x;
  if (i >= N * K * P * Q) { return; }
  let q = i % Q; let p = i / Q % P; let k = i / (Q * P) % K; let n = i / (Q * P * K);
  ${body}
  var sum = 0.0;
  for (var c = 0u; c < C; c++) {
    for (var r = 0u; r < R; r++) {
      for (var s = 0u; s < S; s++) {
        let h = i32(p * STRIDE_H + r) - i32(PAD_TOP);
        let v = i32(q * STRIDE_W + s) - i32(PAD_LEFT);
        if (h < 0 || h >= i32(H) || v < 0 || v >= i32(W)) { continue; }
        sum += x[((n * C + c) * H + u32(h)) * W + u32(v)] * w[((k * C + c) * R + r) * S + s];
      }
    }
  }
  ${store}
}`;

const options = '{ workgroups: (d) => Math.ceil((d.N * d.K * d.P * d.Q) / 64) }';

/** A program whose fourth line brings the kernel; x is 2×3×9×8, w 4×3×3×3. */
const program = (wgsl: string, { more = options, call = 'F.conv2d(x, w, null, { padding: 1 })' } = {}): string =>
  `import { torch, F, dnn } from 'wudnn';
torch.backends.cudnn.benchmark = true;
const wgsl = ${JSON.stringify(wgsl)};
dnn.customConvolution('mine', wgsl, ${more});
torch.manualSeed(0);
const x = torch.randn(2, 3, 9, 8).to('webgpu');
const w = torch.randn(4, 3, 3, 3).to('webgpu');
export const y = ${call};
`;

describe.each(await softwareAdapters())('on %s', (adapter) => {
  const session = new Session({ versions: {} });
  let printed: ConsoleEntry[] = [];
  beforeAll(async () => {
    engine.plans = new PlanCache();
    await session.start((await openAdapter(adapter)).gpu, '');
  });
  beforeEach(() => (printed = []));
  afterAll(async () => {
    const device = engine.device;
    device?.destroy();
    await device?.lost;
  });

  async function run(text: string, more: RunOptions = {}): Promise<RunResult> {
    const events = { console: (entry: ConsoleEntry) => void printed.push(entry), progress: () => {} };
    const result = await session.run(text, events, { benchmarkBudgetMs: 60_000, ...more });
    return runResult(structuredClone(result), 'engine');
  }
  const conv = ({ choices }: RunResult): AlgorithmChoice => choices.find(({ operation }) => operation === 'conv2d')!;
  const mine = (choice: AlgorithmChoice): Candidate => choice.candidates.find(({ algo }) => algo === 'mine')!;
  async function raced(text: string): Promise<Candidate> {
    const result = await run(text);
    expect(result).toMatchObject({ ok: true });
    return mine(conv(result));
  }
  const checksum = (result: RunResult): string => (result.ok ? result.outputs[0].checksum : '');

  test('a right one is verified, timed in the same rounds, and has the terms of its rank', async () => {
    const result = await run(program(naive()));
    expect(result).toMatchObject({ ok: true });
    const choice = conv(result);
    const candidate = mine(choice);
    expect(candidate).toMatchObject({
      own: true,
      status: 'success',
      config: '',
      determinism: 'deterministic',
      memory: 0,
    });
    expect(candidate.maxError).toBeLessThan(candidate.tolerance!);
    expect(candidate.timeMs).toBeGreaterThan(0);
    expect(candidate.terms!.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['launches', 'memory', 'arithmetic']),
    );
    expect(choice.candidates.filter(({ own }) => own).length).toBe(1);
    const [first] = choice.candidates;
    if (first.algo !== 'mine') {
      expect(candidate.behind ?? candidate.reason).toBeDefined();
      expect(reasonOf(first, candidate) ?? 'mine').toContain('mine');
    }
    expect(printed).toEqual([]);
  });

  test('a slow one is right too, and is ranked', async () => {
    const one = naive()
      .replace('let i = gid.x;', 'if (gid.x > 0u) { return; } for (var i = 0u; i < N * K * P * Q; i++) {')
      .replace('if (i >= N * K * P * Q) { return; }', '')
      .replace(/\}$/, '}}');
    const candidate = await raced(program(one, { more: '{ workgroups: 1 }' }));
    expect(candidate).toMatchObject({ status: 'success' });
    expect(candidate.timeMs).toBeGreaterThan(0);
  });

  test('one that is wrong in one pixel is out, and shows it', async () => {
    const candidate = await raced(program(naive('y[i] = select(sum, 7.0, i == 101u);')));
    expect(candidate.status).toBe('disqualified');
    expect(candidate.timeMs).toBeUndefined();
    // 101 = 1·72 + 3·8 + 5 of 2×4×9×8.
    expect(candidate.firstWrong).toMatchObject({
      element: 101,
      place: 'y[0, 1, 3, 5]',
      got: 7,
      reads: 'x[0, 0–2, 2–4, 4–6] × w[1, 0–2, 0–2, 0–2]',
    });
    expect(candidate.reason).toMatch(
      /the first wrong output is y\[0, 1, 3, 5\]: 7, expected -?[\d.e-]+, the sum over x\[/,
    );
    expect(printed).toMatchObject([{ level: 'warn', line: 4 }]);
    expect(printed[0].text).toMatch(
      /^mine: disqualified for forward of 2×3×9×8 \* 4×3×3×3, padding 1, float32: differs/,
    );
  });

  test('one that does not look at the padding is out, and is told that it reads beyond x', async () => {
    const careless = naive().replace(/if \(h < 0 .*\n/, '\n');
    const candidate = await raced(program(careless));
    expect(candidate.status).toBe('disqualified');
    expect(candidate.firstWrong).toMatchObject({ element: 0, place: 'y[0, 0, 0, 0]' });
    expect(candidate.reason).toContain('it reads beyond the end of x');
  });

  test('one that writes beyond y is out, though WebGPU drops what it writes', async () => {
    const careless = naive('y[i] = sum; if (i == 0u) { y[N * K * P * Q + 5u] = 1.0; }');
    const candidate = await raced(program(careless));
    expect(candidate.status).toBe('disqualified');
    expect(candidate.reason).toContain('it writes beyond the end of y');
  });

  test('one whose invocations race is out', async () => {
    // Which of 64 lanes comes last is anybody's guess, so the outcome is either of two; it is never a success.
    const racing = naive('y[i] = sum; y[i / 64u * 64u] = sum;');
    expect(await raced(program(racing))).toMatchObject({ status: 'disqualified' });
  });

  test.each([
    ['for ever', 'loop { if (N == 0u) { break; } }'],
    ['for ever, all together', 'loop { workgroupBarrier(); if (N == 0u) { break; } }'],
    ['in a single invocation', 'while (i == 570u) { if (x[0] > 1e9) { break; } }'],
    ['on a condition of data', 'for (var j = 0u; x[j] < 1e9; j = 0u) { }'],
  ])('one that loops %s is out, and the engine works on', async (_, loop) => {
    const endless = naive('y[i] = sum;', loop).replace('if (i >= N * K * P * Q) { return; }', '');
    const candidate = await raced(program(endless));
    expect(candidate.status).toBe('disqualified');
    expect(candidate.reason).toMatch(/^mine did not end within [\d,]+ turns of its loops in one invocation$/);
    expect(await raced(program(naive()))).toMatchObject({ status: 'success' });
  });

  test('one that does not compile has failed, with the line and column of its text', async () => {
    const broken = naive().replace('sum += ', 'summ += ');
    const line = broken.split('\n').findIndex((text) => text.includes('summ')) + 1;
    const candidate = await raced(program(broken));
    expect(candidate.status).toBe('failed');
    expect(candidate.reason).toMatch(new RegExp(`^mine:${line}:9: .*summ`));
    expect(printed).toMatchObject([{ level: 'warn', line: 4 }]);
  });

  test('one that asks for its operands otherwise has failed, with the reason', async () => {
    const wrong = naive().replace('var<storage, read> x', 'var<storage, read_write> x');
    expect(await raced(program(wrong))).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/the driver refused the pipeline/),
    });
  });

  test('it is forced by name, ends in what the call asks for, and computes what ours computes', async () => {
    const call = (algo: string) =>
      `dnn.convolutionForward(x, w, { padding: 1, bias: torch.ones(4).to('webgpu'), activation: 'relu', algo: '${algo}' })`;
    const [own, ours] = [
      await run(program(naive(), { call: call('mine') }).replace('benchmark = true', 'benchmark = false')),
      await run(program(naive(), { call: call('DIRECT') }).replace('benchmark = true', 'benchmark = false')),
    ];
    expect(own).toMatchObject({ ok: true, choices: [{ chosen: 'mine', source: 'forced' }] });
    const [a, b] = [own, ours].map((result) => (result.ok ? result.outputs[0].head : []));
    a.forEach((value, i) => expect(value).toBeCloseTo(b[i], 4));
  });

  test('a wrong one that is asked for by name does not run', async () => {
    const call = "F.conv2d(x, w, null, { padding: 1, algo: 'mine' })";
    const result = await run(program(naive('y[i] = 0.0;'), { call }));
    expect(result).toMatchObject({ ok: false });
    expect(!result.ok && result.error.message).toMatch(
      /^conv2d forward by mine: it was disqualified: differs from the float64 reference/,
    );
  });

  test('it is forced from outside, and then runs', async () => {
    const free = conv(await run(program(naive())));
    const { operation, direction, descriptor } = free;
    const { algo, candidateId } = mine(free);
    const forced = await run(program(naive()), { forced: [{ operation, direction, descriptor, algo, candidateId }] });
    expect(conv(forced)).toMatchObject({ chosen: 'mine', source: 'forced' });
    expect(checksum(forced)).not.toBe('');
  });

  test('without benchmark it does not run, and says why', async () => {
    const fresh = program(naive('y[i] = sum * 1.0;')); // one that was measured before may run
    const result = await run(fresh.replace('benchmark = true', 'benchmark = false'));
    expect(conv(result).chosen).not.toBe('mine');
    expect(mine(conv(result))).toMatchObject({
      status: 'not tried',
      reason: expect.stringContaining('benchmark = true'),
    });
  });

  test('it is not for what it does not declare itself fit for', async () => {
    const more = `{ workgroups: 1, runs: (problem) => problem.R === 1 || 'needs 1×1' }`;
    expect(await raced(program(naive(), { more }))).toMatchObject({ status: 'not supported', reason: 'needs 1×1' });
    const thrown = `{ workgroups: () => { throw new Error('no'); } }`;
    expect(await raced(program(naive(), { more: thrown }))).toMatchObject({ status: 'not supported', reason: 'no' });
  });

  test('a grid of far more invocations than the problem has products is refused', async () => {
    const more = '{ workgroups: [65535, 65535, 1] }';
    expect(await raced(program(naive(), { more }))).toMatchObject({
      status: 'not supported',
      reason: expect.stringMatching(
        /^its grid has 274,869,518,400 invocations, of at most 1,048,576 for this problem$/,
      ),
    });
  });

  test('the next program does not have it', async () => {
    await run(program(naive()));
    const result = await run(program(naive()).replace(/^dnn\.customConvolution.*$/m, ''));
    expect(mine(conv(result))).toBeUndefined();
  });

  test('one that comes after a call of the same shape is in the next', async () => {
    const twice = program(naive())
      .replace(/^dnn\.customConvolution.*$/m, '')
      .replace(
        /^export const y = (.*);$/m,
        (_, call: string) =>
          `await (${call}).data();\ndnn.customConvolution('mine', wgsl, ${options});\nexport const y = ${call};`,
      );
    const result = await run(twice);
    expect(result.choices.filter(({ candidates }) => candidates.some(({ algo }) => algo === 'mine')).length).toBe(1);
  });

  test.each([
    [
      'backward data',
      "dnn.convolutionBackwardData(y0, w, { inputSize: [2, 3, 9, 8], padding: 1, algo: 'mine' })",
      'd.N * d.C * d.H * d.W',
    ],
    [
      'backward filter',
      "dnn.convolutionBackwardFilter(x, y0, { weightSize: [4, 3, 3, 3], padding: 1, algo: 'mine' })",
      'd.K * d.C * d.R * d.S',
    ],
    ['forward', "F.conv2d(x, w, null, { padding: 1, algo: 'mine' })", 'd.N * d.K * d.P * d.Q'],
  ])('our template is right for %s', async (direction, call, results) => {
    const text = program('', {
      call,
      more: `{ direction: '${direction}', workgroups: (d) => Math.ceil((${results}) / 64) }`,
    })
      .replace('const wgsl = ""', `const wgsl = dnn.convolutionTemplate('${direction}')`)
      .replace('export const y', "const y0 = torch.randn(2, 4, 9, 8).to('webgpu');\nexport const y");
    const result = await run(text);
    expect(result).toMatchObject({ ok: true, choices: [{ direction, chosen: 'mine', source: 'forced' }] });
  });

  test('one that breaks the device is told, left out, and the next run works', async () => {
    const text = program(naive(`y[i] = sum; // on ${adapter}`));
    const events = {
      console: () => {},
      progress: (what: string) => {
        if (what.includes('verifying 1 ')) engine.device?.destroy();
      },
    };
    const broken = await session.run(text, events, { benchmarkBudgetMs: 60_000 });
    expect(broken).toMatchObject({ ok: false, error: { message: expect.stringContaining('while mine ran') } });
    await session.start((await openAdapter(adapter)).gpu, '');
    expect(await raced(text)).toMatchObject({
      status: 'not supported',
      reason: expect.stringMatching(/^it broke the device before: /),
    });
  });
});
