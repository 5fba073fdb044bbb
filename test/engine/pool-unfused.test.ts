/**
 * Intent: a convolution that ends in a 2×2 max pool may also run before a pool of its own, by every algorithm that can
 * run it without; both ways stand among the candidates of one problem, compute the same, say what workspace they take,
 * and any can be asked for.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import { candidates, slotsOf, workspaceBytes } from '../../src/dnn/choice/candidates.ts';
import { Chooser } from '../../src/dnn/choice/choose.ts';
import { convDescriptor, describeConv, storedShape } from '../../src/dnn/conv2d/descriptor.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import type { Epilogue, FloatType } from '../../src/dnn/kernels/epilogue.ts';
import type { Plan } from '../../src/dnn/problem.ts';
import { defaultSettings } from '../../src/dnn/choice/settings.ts';
import type { Device } from '../../src/gpu/device.ts';
import { sizeClass } from '../../src/gpu/pool.ts';
import type { ConvGeometry } from '../../src/graph/geometry.ts';
import { F, dnn, torch } from '../../src/torch/index.ts';
import { convCase, gate, runConv } from '../support/conv.ts';
import { convShapes } from '../support/conv-shapes.ts';
import { openTestDevice, softwareAdapters } from '../support/device.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { relativeError } from '../support/numbers.ts';
import '../support/four-lanes.ts';

const pooling: Epilogue = { bias: true, residual: false, activation: 'relu', pool: 'max 2x2' };
const everyName = [
  'IMPLICIT_GEMM',
  'IMPLICIT_PRECOMP_GEMM',
  'GEMM',
  'DIRECT',
  'FFT',
  'FFT_TILING',
  'WINOGRAD',
  'WINOGRAD_NONFUSED',
];
/** 3×3 with stride 1, which all algorithms take; odd sizes, so that a row and a column are under no window. */
const geometry: ConvGeometry = { x: [2, 5, 9, 7], w: [6, 5, 3, 3], padding: [1, 1, 1, 1] };

const isUnfused = ({ config }: Plan): boolean => config.unfused !== undefined;

/** The likely best plan of each algorithm that leaves the pool unfused. */
function firstApart(device: Device, shape: ConvGeometry, dtype: FloatType, epilogue = pooling): Plan[] {
  const plans = candidates(convProblem(convDescriptor(shape, { dtype, epilogue })), device).plans.filter(isUnfused);
  return plans.filter((plan, i) => plans.findIndex(({ algorithm }) => algorithm === plan.algorithm) === i);
}

/** Runs the plans on poisoned buffers with guards behind each; their names. */
async function verify(
  device: Device,
  shape: ConvGeometry,
  plans: readonly Plan[],
  dtype: FloatType = 'float32',
  epilogue = pooling,
): Promise<string[]> {
  const desc = convDescriptor(shape, { dtype, epilogue });
  const example = convCase(desc);
  for (const { algorithm, config } of plans) {
    const { error } = await runConv(device, algorithm, config, example);
    expect(error, `${algorithm.name} ${config.label}`).toBeLessThan(gate(desc, config, algorithm));
  }
  return [...new Set(plans.map(({ algorithm }) => algorithm.name))];
}

describe.each(await softwareAdapters())('an unfused pool on %s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice(name);
  });
  afterAll(() => device.destroy());

  test('after bias, residual and silu', async () => {
    const epilogue: Epilogue = { bias: true, residual: true, activation: 'silu', pool: 'max 2x2' };
    expect(
      await verify(device, geometry, firstApart(device, geometry, 'float32', epilogue), 'float32', epilogue),
    ).toEqual(everyName);
  });

  test.for([
    [
      [1, 3, 5, 5],
      [1, 3, 3, 3],
    ],
    [
      [2, 5, 9, 7],
      [6, 5, 3, 3],
    ],
  ] as const)('float16, %s', async ([x, w], { skip }) => {
    skip(!device.features.has('shader-f16'), 'the adapter has no shader-f16');
    expect(await verify(device, { x, w }, firstApart(device, { x, w }, 'float16'), 'float16')).toEqual(everyName);
  });

  test('a NaN under a window wins, and equal inputs give equal bits', async () => {
    const desc = convDescriptor(geometry, { epilogue: pooling });
    const example = convCase(desc);
    example.x[0] = NaN; // all filters see it in the first window
    const [rows, columns] = storedShape(desc).slice(2);
    for (const { algorithm, config } of firstApart(device, geometry, 'float32')) {
      const { output } = await runConv(device, algorithm, config, example);
      for (let k = 0; k < desc.K; k++) expect(output[k * rows * columns], algorithm.name).toBeNaN();
      expect(output.at(-1), algorithm.name).not.toBeNaN();
      for (let repeat = 1; repeat < 20; repeat++)
        expect((await runConv(device, algorithm, config, example)).output, algorithm.name).toEqual(output);
    }
  });
});

// The kernels are those of the convolution and the pool, which other tests run everywhere; so here one adapter is
// enough.
describeWith(['adapter'], 'an unfused pool', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => device.destroy());

  test('computes the same in every configuration of every algorithm', async () => {
    const plans = candidates(convProblem(convDescriptor(geometry, { epilogue: pooling })), device).plans.filter(
      isUnfused,
    );
    expect(await verify(device, geometry, plans)).toEqual(everyName);
  });

  const shapes = convShapes.filter((shape) => convDescriptor(shape).P >= 2 && convDescriptor(shape).Q >= 2);
  test.for(shapes.map((shape) => [describeConv(convDescriptor(shape)), shape] as const))('%s', async ([, shape]) => {
    expect(await verify(device, shape, firstApart(device, shape, 'float32'))).toEqual(
      expect.arrayContaining(['IMPLICIT_GEMM', 'IMPLICIT_PRECOMP_GEMM', 'GEMM', 'DIRECT']),
    );
  });
});

describeWith(['adapter'], 'the choice of fusing', () => {
  const desc = convDescriptor(geometry, { epilogue: pooling });
  const problem = convProblem(desc);
  let device: Device;
  beforeAll(async () => {
    await startTestEngine();
    device = engine.device!;
  });
  afterAll(() => engine.device?.destroy());

  // Without a budget, a busy machine tries all too.
  const chooserOn = (cache: PlanCache, more = {}): Chooser =>
    new Chooser(device, { ...defaultSettings(), benchmark: true, benchmarkBudgetMs: Infinity, ...more }, cache);

  test('both ways are measured, verified and predicted side by side', async () => {
    const chooser = chooserOn(new PlanCache(), { benchmarkLimit: 0 });
    await chooser.choose({
      ...problem,
      algorithms: problem.algorithms.filter((a) => ['DIRECT', 'GEMM'].includes(a.name)),
    });
    const [choice] = chooser.takeChoices();
    const ran = choice.candidates.filter(({ status }) => status === 'success');
    expect(new Set(ran.map(({ unfused }) => unfused))).toEqual(new Set([undefined, 'pool']));
    expect(ran.every(({ config, unfused }) => config.endsWith('pool unfused') === (unfused === 'pool'))).toBe(true);
    for (const { unfused, terms } of ran)
      expect(terms!.some(({ name }) => name === 'pool2d launches')).toBe(unfused === 'pool');
    expect(choice.candidates.filter(({ status }) => status === 'disqualified' || status === 'failed')).toEqual([]);
    expect(choice.candidates.filter(({ status }) => status === 'not supported').map(({ algo }) => algo)).toEqual([
      'GEMM',
    ]);
  });

  test('an unfused pool that was chosen is found again', async () => {
    const unfused = { ...problem, algorithms: problem.algorithms.filter((a) => a.name === 'DIRECT').slice(-1) };
    const cache = new PlanCache();
    const plan = await chooserOn(cache).choose(unfused);
    const again = chooserOn(cache);
    expect((await again.choose(unfused)).config.label).toBe(plan.config.label);
    const [choice] = again.takeChoices();
    expect(choice).toMatchObject({ source: 'cache', chosenConfig: expect.stringMatching(/pool unfused$/) });
    expect(choice.candidates[0]).toMatchObject({ unfused: 'pool', status: 'success' });
  });

  test('any of them runs when it is asked for, and takes no more workspace than it reports', async () => {
    const { x, w, bias, reference } = convCase(desc);
    const [a, b, c] = (
      [
        [x, geometry.x],
        [w, geometry.w],
        [bias, [desc.K]],
      ] as const
    ).map(([data, shape]) =>
      torch
        .tensor(Array.from(data))
        .reshape(...shape)
        .to('webgpu')
        .mul(1),
    );
    await engine.realize([a.node, b.node, c.node]);
    await dnn.convolutionForward(a, b, { padding: 1 }).data(); // measures the adapter's rates, which takes memory
    const result = sizeClass(4 * storedShape(desc).reduce((product, size) => product * size));
    for (const { algorithm, config, workspace } of firstApart(device, geometry, 'float32')) {
      const named = { algo: algorithm.name, config: config.label } as const;
      expect(workspace[0]).toBe(4 * desc.N * desc.K * desc.P * desc.Q);
      expect(dnn.convolutionWorkspace(desc, named.algo, named.config)).toBe(workspaceBytes({ workspace }));
      engine.forget();
      const before = device.pool.stats.allocated;
      device.pool.resetPeak();
      const y = dnn.convolutionForward(a, b, { padding: 1, bias: c, activation: 'relu', pool: 'max 2x2', ...named });
      await engine.realize([y.node]);
      const taken = device.pool.stats.maxAllocated - before - result;
      const reported = workspace.reduce((sum, bytes) => sum + sizeClass(bytes), 0);
      // Within a schedule the planes may lie where a part lay that nobody reads any more.
      expect(taken, named.config).toBeLessThanOrEqual(reported);
      expect(taken, named.config).toBeGreaterThanOrEqual(reported - sizeClass(workspace[0]));
      if (workspace.length === 1) expect(taken, named.config).toBe(reported);
      expect(relativeError(await y.data(), reference)).toBeLessThan(gate(desc, config, algorithm));
      expect(engine.takeChoices()).toMatchObject([
        { chosen: named.algo, chosenConfig: named.config, source: 'forced' },
      ]);
      y.dispose();
    }
  });

  test('a limit below the planes between leaves one kernel for all, and says both numbers', () => {
    const { plans, excluded } = candidates(problem, device, { workspaceLimit: 0 });
    expect(plans.some(isUnfused)).toBe(false);
    const bytes = 4 * desc.N * desc.K * desc.P * desc.Q;
    expect(excluded.find(({ algo, unfused }) => algo === 'DIRECT' && unfused)).toMatchObject({
      memory: bytes,
      reason: `needs ${bytes} bytes of workspace, workspaceLimit is 0`,
    });
  });

  test('planes that no storage buffer holds are not kept between', () => {
    const limits = { ...device.limits, maxStorageBufferBindingSize: 1000 };
    const { plans, excluded } = candidates(problem, { features: device.features, limits }, { algo: 'GEMM' });
    expect(plans).toEqual([]);
    expect(excluded.map(({ reason }) => reason)).toEqual([
      'cannot end in a max 2x2 pool: its product writes rows of pixels, and a window lies in two of them',
      "would keep 3024 bytes for an unfused pool, and this adapter's storage buffers hold 1000",
    ]);
  });

  test('the list and the errors tell of both ways', () => {
    const listed = dnn.convolutionAlgorithms(desc);
    expect(listed.map(({ algo, supported }) => [algo, supported])).toEqual(everyName.map((algo) => [algo, true]));
    const configs = (name: string): string[] =>
      listed.find(({ algo }) => algo === name)!.configs.map(({ config }) => config);
    expect(configs('GEMM').every((config) => config.endsWith(', pool unfused'))).toBe(true);
    expect(configs('DIRECT')).toEqual(
      expect.arrayContaining(['one window a thread', 'one output a thread, pool unfused']),
    );
    expect(
      dnn
        .convolutionAlgorithms(convDescriptor({ ...geometry, stride: [2, 2] }, { epilogue: pooling }))
        .find(({ algo }) => algo === 'FFT')!.supported,
    ).toBe('needs stride 1, got 2×2');
    const [x, w] = [geometry.x, geometry.w].map((shape) => torch.zeros(...shape).to('webgpu'));
    const call = (options: object) => () => dnn.convolutionForward(x, w, { padding: 1, pool: 'max 2x2', ...options });
    expect(call({ algo: 'GEMM', config: 'huge' })).toThrow(
      /GEMM has no configuration 'huge'; it has '.*, pool unfused'/,
    );
    torch.backends.cudnn.workspaceLimit = 10;
    expect(call({ algo: 'WINOGRAD' })).toThrow(
      /by WINOGRAD: needs \d+ bytes of workspace, workspaceLimit is 10; with its pool unfused: needs \d+ bytes/,
    );
    torch.backends.cudnn.workspaceLimit = Infinity;
  });

  test('in a compiled program a name without room for the planes runs before a pool of its own, as an intermediate', async () => {
    const [x, w] = [torch.randn(2, 5, 8, 8).to('webgpu'), torch.randn(6, 5, 1, 1).to('webgpu')];
    const f = (): torch.Tensor => F.maxPool2d(F.conv2d(x, w, null, { algo: 'GEMM' }), 2);
    const expected = await f().data();
    const choices = async (limit: number) => {
      engine.forget();
      torch.backends.cudnn.workspaceLimit = limit;
      expect(relativeError(await torch.compile(f)().data(), Float64Array.from(expected))).toBeLessThan(2e-6);
      torch.backends.cudnn.workspaceLimit = Infinity;
      return engine
        .takeChoices()
        .map(({ operation, chosen, chosenConfig }) => [operation, chosen, chosenConfig.endsWith('pool unfused')]);
    };
    expect(await choices(Infinity)).toEqual([['conv2d', 'GEMM', true]]);
    expect(await choices(0)).toEqual([
      ['conv2d', 'GEMM', false],
      ['pool2d', 'DIRECT', false],
    ]);
  });

  test('its launches are those of the convolution and one pool, joined by the first part of the workspace', () => {
    const [plan] = firstApart(device, geometry, 'float32').filter(
      ({ algorithm }) => algorithm.name === 'WINOGRAD_NONFUSED',
    );
    const slots = slotsOf(problem, plan);
    const launches = plan.algorithm.launches(desc, plan.config, slots);
    expect(launches.map(({ kernel }) => kernel.label)).toEqual([
      ...['filter', 'tiles'].map((stage) => `conv2d/winograd/nonfused_${stage}`),
      expect.stringMatching(/product/),
      'conv2d/winograd/nonfused_output',
      'pool/1_direct',
    ]);
    const written = (launch: (typeof launches)[number]) =>
      launch.bindings.flatMap((b) => ('slot' in b && b.access === 'write' ? [b.slot] : []));
    expect([written(launches.at(-2)!), written(launches.at(-1)!)]).toEqual([
      [slots.workspace[0]],
      [problem.operands.findIndex(({ role }) => role === 'y')],
    ]);
  });
});
