/**
 * Intent: what a kernel declares of itself is what its WGSL does, since the model believes it.
 */
import { beforeAll, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import type { DeviceTraits } from '../../src/dnn/algorithm.ts';
import { convolutionDescriptor } from '../../src/dnn/api.ts';
import { attentionProblem } from '../../src/dnn/attention/problem.ts';
import { candidates, slotsOf } from '../../src/dnn/choice/candidates.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { gemmDescriptor } from '../../src/dnn/gemm/descriptor.ts';
import { gemmProblem } from '../../src/dnn/gemm/problem.ts';
import { poolProblem } from '../../src/dnn/pool/problem.ts';
import type { Problem } from '../../src/dnn/problem.ts';
import type { KernelSpec, KernelTraits } from '../../src/gpu/kernel.ts';
import { kernelKey, link, provideShaders } from '../../src/gpu/linker.ts';
import { limits } from '../support/limits.ts';

beforeAll(() => provideShaders(readShaders()));

const device: DeviceTraits = { features: new Set(['subgroups', 'shader-f16']), limits };

/** Every kernel of every candidate, with subgroups of 8 lanes and without, each once. */
function kernelsOf(problem: Problem): KernelSpec[] {
  const kernels = new Map<string, KernelSpec>();
  for (const subgroupSize of [undefined, 8])
    for (const plan of candidates(
      problem,
      { ...device, subgroupSize },
      { mathTypes: ['FMA', 'HALF', 'HALF_ARITHMETIC'] },
    ).plans)
      for (const { kernel } of plan.algorithm.launches(problem.desc, plan.config, slotsOf(problem, plan)))
        kernels.set(kernelKey(kernel), kernel);
  return [...kernels.values()];
}

/** A module constant's number, which others may go into: `const THREADS = PAIRS * THREADS_K;`. */
function constantOf(code: string, name: string): number | undefined {
  const value = new RegExp(`const ${name}(?:: u32)? = ([^;]+);`).exec(code)?.[1];
  return value === undefined ? undefined : productOf(code, value, '*');
}

const productOf = (code: string, text: string, by: string): number =>
  text
    .split(by)
    .map((factor) => factor.trim())
    .reduce((all, factor) => all * (/^\d/.test(factor) ? parseInt(factor) : constantOf(code, factor)!), 1);

/** What the linked code does, but for the depth of tiles that only some kernels name. */
function observed({ files = [], traits, ...kernel }: KernelSpec): KernelTraits {
  const { code } = link({ ...kernel, files });
  return {
    group: productOf(code, /@workgroup_size\(([^)]*)\)/.exec(code)![1], ','),
    tileSteps: traits!.tileSteps && (constantOf(code, 'TILE_K') ?? constantOf(code, 'TILE')),
    rowLanes: /\bsubgroup(Broadcast|Shuffle)/.test(code) ? constantOf(code, 'LANES') : undefined,
    vectorRows: /fn a_four\(|<storage, read> a: array<vec4</.test(code),
    vectorColumns: /<storage, read> b: array<vec4</.test(code),
    vectorResults: /<storage, read_write> \w+: array<vec4</.test(code),
    gathers: files.some((file) => ['lib/conv.wgsl', 'lib/correlation.wgsl'].includes(file)),
  };
}

const undeclared = {
  tileSteps: undefined,
  rowLanes: undefined,
  vectorRows: false,
  vectorColumns: false,
  vectorResults: false,
  gathers: false,
};

const shapes = [
  { x: [1, 16, 30, 33], w: [24, 16, 3, 3], padding: 1 },
  { x: [1, 16, 30, 33], w: [16, 1, 5, 5], padding: 2, groups: 16 },
] as const;
const convolutions = shapes.flatMap((shape) =>
  (['forward', 'backward data', 'backward filter'] as const).flatMap((direction) =>
    (['float32', 'float16'] as const).map((dtype) =>
      convProblem(convolutionDescriptor({ ...shape, direction, dtype })),
    ),
  ),
);
const head = { offset: 0, outer: 0, inner: 40, row: 8, column: 1 };
const window = {
  N: 1,
  C: 4,
  H: 16,
  W: 16,
  R: 2,
  S: 2,
  strideH: 2,
  strideW: 2,
  padH: 0,
  padW: 0,
  dilationH: 1,
  dilationW: 1,
};
const problems: Problem[] = [
  ...convolutions,
  convProblem(
    convolutionDescriptor({
      ...shapes[0],
      epilogue: { bias: true, residual: false, activation: 'relu', pool: 'max 2x2' },
    }),
  ),
  gemmProblem(gemmDescriptor(64, 64, 400)),
  ...(['forward', 'backward data'] as const).map((direction) =>
    poolProblem({ ...window, P: 8, Q: 8, direction, mode: 'max', keeps: 'place', dtype: 'float32' }),
  ),
  attentionProblem({
    outer: 1,
    inner: 2,
    L: 5,
    S: 5,
    E: 8,
    Ev: 8,
    q: head,
    k: head,
    v: head,
    mask: 'causal',
    scale: 0.3,
    dtype: 'float32',
  }),
];

test.for(
  problems.map((problem) => [`${problem.operation} ${problem.direction} ${problem.description}`, problem] as const),
)('%s', ([, problem]) => {
  const kernels = kernelsOf(problem);
  expect(kernels.length).toBeGreaterThan(1);
  for (const kernel of kernels) expect({ ...undeclared, ...kernel.traits }, kernel.label).toEqual(observed(kernel));
});
