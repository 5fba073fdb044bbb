/**
 * @file Intent: every shader variant that the engine can ask for is valid WGSL. Dawn's null backend checks each, with
 * line and column, and needs no driver.
 *
 * The variants are found by planning: every case of every operation, and every algorithm in every configuration on
 * every convolution and matrix product of the tests, for a device that has all features and for one that has none.
 */
import { create, globals } from 'webgpu';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encode } from '../../src/base/dtype.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { planRegion } from '../../src/compile/plan.ts';
import { collectRegion } from '../../src/compile/region.ts';
import type { DeviceTraits } from '../../src/dnn/algorithm.ts';
import { candidates, slotsOf } from '../../src/dnn/choice/candidates.ts';
import { convDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { addOwnConvolution, forgetOwnConvolutions } from '../../src/dnn/conv2d/own.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import type { Epilogue, FloatType } from '../../src/dnn/kernels/epilogue.ts';
import { noEpilogue } from '../../src/dnn/kernels/epilogue.ts';
import { poolProblem } from '../../src/dnn/pool/problem.ts';
import type { Plan, Problem } from '../../src/dnn/problem.ts';
import type { Direction } from '../../src/dnn/choice/records.ts';
import { Device } from '../../src/gpu/device.ts';
import type { KernelSpec, Launch } from '../../src/gpu/kernel.ts';
import { kernelKey, provideShaders } from '../../src/gpu/linker.ts';
import { activationNames } from '../../src/graph/ops/conv2d-fused.ts';
import { classLoss } from '../../src/graph/ops/class-loss.ts';
import { maxPool2dIndices, takeFromPlanes } from '../../src/graph/ops/pool2d.ts';
import { leaf, record } from '../../src/graph/record.ts';
import { families } from '../ops/cases/index.ts';
import { recordCase } from '../ops/evaluate.ts';
import { convShapes } from '../support/conv-shapes.ts';

/** A program's own kernel, which ends in nothing itself. */
const sumsAlone = {
  name: 'sums alone',
  wgsl: `@group(0) @binding(2) var<storage, read_write> y: array<Elem>;
@compute @workgroup_size(GROUP) fn main() { y[N - 1] = Elem(conv.N); }
@group(0) @binding(3) var<uniform> conv: Conv;`,
};

const sources = readShaders();
const found = new Map<string, KernelSpec>();
let device: Device;

beforeAll(async () => {
  Object.assign(globalThis, globals);
  provideShaders(sources);
  device = await Device.open(create(['backend=null']));
});
afterAll(() => device.destroy());

test('the null backend has the features whose shaders are to be checked', () => {
  expect([...device.features]).toEqual(expect.arrayContaining(['shader-f16', 'subgroups', 'timestamp-query']));
});

test('a broken shader is told with its file, line and column', async () => {
  provideShaders({ ...sources, 'broken.wgsl': '// one line\nfn f() { let x = 1.5u; }\n' });
  await expect(device.checkKernel({ label: 'broken', files: ['broken.wgsl'] })).rejects.toThrow(
    /^shaders\/broken\.wgsl:2:\d+: /,
  );
  provideShaders(sources);
});

test.each(Object.entries(families))('operations: %s', async (_, cases) => {
  for (const c of cases) {
    const targets = [...recordCase(c, 'webgpu').values()].map((t) => t.node).filter((n) => !n.value);
    for (const traits of [device, plain(device)]) {
      const region = collectRegion(targets);
      const { launches } = planRegion(region, targets, {
        device: traits,
        choose: (problem) => everyPlan(problem, traits)[0],
      });
      note(launches);
    }
  }
  await checkAll();
});

test.each([['forward'], ['backward data'], ['backward filter']] as [Direction][])(
  'convolution %s',
  async (direction) => {
    for (const dtype of ['float32', 'float16'] as FloatType[]) {
      for (const geometry of convShapes) {
        for (const traits of devices()) everyPlan(convProblem(convDescriptor(geometry, { direction, dtype })), traits);
      }
    }
    await checkAll();
  },
);

test('convolution with every epilogue', async () => {
  const epilogues: Epilogue[] = activationNames.map((activation) => ({ ...noEpilogue, activation }));
  epilogues.push(
    ...[
      [true, false],
      [false, true],
      [true, true],
    ].map(([bias, residual]) => ({ ...noEpilogue, bias, residual })),
  );
  epilogues.push(
    { ...noEpilogue, pool: 'max 2x2' },
    { bias: true, residual: true, activation: 'relu', pool: 'max 2x2' },
  );
  addOwnConvolution({
    ...sumsAlone,
    direction: 'forward',
    workgroups: 1,
    workgroupSize: 1,
    constants: {},
    deterministic: true,
  });
  for (const dtype of ['float32', 'float16'] as FloatType[]) {
    for (const epilogue of epilogues) {
      for (const filter of [1, 3, 5]) {
        const pad = (filter - 1) / 2;
        everyPlan(
          convProblem(
            convDescriptor(
              { x: [2, 8, 12, 12], w: [8, 8, filter, filter], padding: [pad, pad, pad, pad] },
              { dtype, epilogue },
            ),
          ),
          devices()[0],
        );
      }
    }
  }
  forgetOwnConvolutions();
  await checkAll();
});

test('pooling of every kind', async () => {
  for (const dtype of ['float32', 'float16'] as FloatType[]) {
    for (const direction of ['forward', 'backward data'] as const) {
      for (const [mode, keeps] of [
        ['max', 'value'],
        ['max', 'place'],
        ['average count include padding', 'value'],
        ['average count exclude padding', 'value'],
      ] as const) {
        const geometry = {
          N: 1,
          C: 2,
          strideH: 1,
          padH: 0,
          padW: 0,
          dilationH: 1,
          dilationW: 1,
          dtype,
          direction,
          mode,
          keeps,
        };
        everyPlan(poolProblem({ ...geometry, H: 20, W: 20, P: 5, Q: 5, R: 16, S: 16, strideW: 1 }), device);
        everyPlan(poolProblem({ ...geometry, H: 1, W: 8, P: 1, Q: 4, R: 1, S: 2, strideW: 2 }), device);
      }
    }
  }
  await checkAll();
});

test('the second derivative of max pooling', async () => {
  const attrs = { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], ceilMode: false } as const;
  for (const dtype of ['float32', 'float16'] as FloatType[]) {
    const x = leaf({ shape: [1, 2, 4, 4], dtype }, 'webgpu', encode(dtype, new Float64Array(32)));
    const places = record(maxPool2dIndices, [x], attrs);
    const taken = record(takeFromPlanes, [x, places], { ...attrs, shape: x.shape });
    const { launches } = planRegion(collectRegion([taken]), [taken], {
      device,
      choose: (problem) => everyPlan(problem, device)[0],
    });
    note(launches);
  }
  await checkAll();
});

test('a loss of more samples than one workgroup adds up', async () => {
  const attrs = { dim: 1, ignoreIndex: -100, reduction: 'mean', scores: false } as const;
  for (const dtype of ['float32', 'float16'] as FloatType[]) {
    const logs = leaf({ shape: [5000, 3], dtype }, 'webgpu', encode(dtype, new Float64Array(15000)));
    const labels = leaf({ shape: [5000], dtype: 'int32' }, 'webgpu', new Int32Array(5000));
    const loss = record(classLoss, [logs, labels], attrs);
    note(
      planRegion(collectRegion([loss]), [loss], { device, choose: (problem) => everyPlan(problem, device)[0] })
        .launches,
    );
  }
  await checkAll();
});

test('every shader file is part of some variant', () => {
  const used = new Set([...found.values()].flatMap((kernel) => kernel.files ?? []));
  expect(Object.keys(sources).filter((file) => !used.has(file) && !file.startsWith('probe/'))).toEqual([]);
});

/** The problem's candidates on a device; notes every launch of every one. */
function everyPlan(problem: Problem, traits: DeviceTraits): readonly Plan[] {
  const { plans } = candidates(problem, traits, { mathTypes: ['FMA', 'HALF', 'HALF_ARITHMETIC'] });
  for (const plan of plans) note(plan.algorithm.launches(problem.desc, plan.config, slotsOf(problem, plan)));
  return plans;
}

function note(launches: readonly Launch[]): void {
  for (const { kernel } of launches) found.set(kernelKey(kernel), kernel);
}

const checked = new Set<string>();

async function checkAll(): Promise<void> {
  const complaints: string[] = [];
  for (const [key, kernel] of found) {
    if (checked.has(key)) continue;
    checked.add(key);
    await device.checkKernel(kernel).catch((error: Error) => complaints.push(error.message));
  }
  expect(complaints).toEqual([]);
}

/** Devices whose subgroups have 32 lanes (most GPUs) and 4 (SwiftShader), and one without optional features. */
const devices = (): DeviceTraits[] => [
  ...[32, 4].map((subgroupSize) => ({ features: device.features, limits: device.limits, subgroupSize })),
  plain(device),
];

/** A device without optional features: what must run everywhere. */
const plain = ({ limits }: Device): DeviceTraits => ({ features: new Set<string>(), limits });

afterAll(() => console.log(`wgsl: ${checked.size} shader variants checked`));
