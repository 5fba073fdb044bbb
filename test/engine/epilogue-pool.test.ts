/**
 * Intent: a convolution that ends in a 2×2 max pool stores the largest of each whole window, after bias, residual and
 * activation, in every algorithm that can, around the tiles' edges in every configuration on the fastest adapter; the
 * last row and column of odd sizes are left out, nothing beside the pooled output is written, and whoever cannot says
 * why.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convDescriptor, describeConv, storedShape } from '../../src/dnn/conv2d/descriptor.ts';
import { convAlgorithms, convTable } from '../../src/dnn/conv2d/table.ts';
import type { Epilogue, FloatType } from '../../src/dnn/kernels/epilogue.ts';
import { noEpilogue } from '../../src/dnn/kernels/epilogue.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { ConvGeometry } from '../../src/graph/geometry.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { hasTurn, inTurn } from '../support/combinations.ts';
import { convCase, gate, runConv } from '../support/conv.ts';
import { convShapes } from '../support/conv-shapes.ts';
import { openTestDevice, softwareAdapters } from '../support/device.ts';
import '../support/four-lanes.ts';

const pooling: Epilogue = { bias: true, residual: false, activation: 'relu', pool: 'max 2x2' };
const able = ['IMPLICIT_GEMM', 'IMPLICIT_PRECOMP_GEMM', 'DIRECT', 'WINOGRAD', 'WINOGRAD_NONFUSED'];

/** Sizes around the tiles' edges: one window, odd sizes, more than a tile, a last column or row without a window. */
const edges: readonly ConvGeometry[] = [
  [2, 2],
  [3, 2],
  [2, 3],
  [5, 4],
  [7, 9],
  [8, 8],
  [9, 17],
].map(([h, w]) => ({ x: [2, 3, h, w], w: [5, 3, 3, 3], padding: [1, 1, 1, 1] }));

const fits = (geometry: ConvGeometry): boolean => {
  const { P, Q } = convDescriptor(geometry);
  return P >= 2 && Q >= 2;
};

/** Runs every algorithm that can, in all its configurations or the next in turn; their names. */
async function verify(
  device: Device,
  geometry: ConvGeometry,
  epilogue: Epilogue,
  dtype: FloatType,
  turn: number,
  thorough = false,
): Promise<string[]> {
  const desc = convDescriptor(geometry, { dtype, epilogue });
  const example = convCase(desc);
  expect(example.reference.length).toBe(storedShape(desc).reduce((a, b) => a * b));
  const ran: string[] = [];
  for (const algorithm of convAlgorithms('forward')) {
    if (algorithm.supports(desc, device) !== true) continue;
    for (const config of inTurn(algorithm.configs(desc, device), turn, thorough)) {
      const { error } = await runConv(device, algorithm, config, example);
      expect(error, `${algorithm.name} ${config.label} ${config.mathType}`).toBeLessThan(gate(desc, config, algorithm));
    }
    ran.push(algorithm.name);
  }
  return ran;
}

const adapters = await softwareAdapters();

describe.each(adapters)('2×2 max pool on %s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice(name);
  });
  afterAll(() => device.destroy());

  const fastest = name === adapters[0];
  const cases = [...edges, ...convShapes.filter(fits)].map(
    (geometry, i) => [describeConv(convDescriptor(geometry)), geometry, i] as const,
  );

  // Without a pool, the sweep of forward algorithms runs every shape in every configuration.
  test.for(cases.filter(([, , i]) => hasTurn(i, 2, fastest || i < edges.length)))('%s', async ([, geometry, i]) => {
    const ran = await verify(device, geometry, pooling, 'float32', i, fastest && i < edges.length);
    expect(ran).toEqual(expect.arrayContaining(['IMPLICIT_GEMM', 'IMPLICIT_PRECOMP_GEMM', 'DIRECT']));
  });

  test.for(cases.filter(([, , i]) => hasTurn(i, 4)))('float16: %s', async ([, geometry, i], { skip }) => {
    skip(!device.features.has('shader-f16'), 'the adapter has no shader-f16');
    await verify(device, geometry, pooling, 'float16', i);
  });

  const joins: Epilogue[] = [
    { ...noEpilogue, pool: 'max 2x2' },
    { bias: false, residual: true, activation: 'relu', pool: 'max 2x2' },
    { bias: true, residual: true, activation: 'silu', pool: 'max 2x2' },
  ];
  test.for(joins)('after bias $bias, residual $residual, $activation', async (epilogue) => {
    expect(
      await verify(device, { x: [2, 10, 9, 11], w: [9, 10, 3, 3], padding: [1, 0, 0, 1] }, epilogue, 'float32', 0),
    ).toEqual(able);
  });

  test('a NaN under a window wins', async () => {
    const desc = convDescriptor({ x: [1, 2, 6, 6], w: [3, 2, 3, 3], padding: [1, 1, 1, 1] }, { epilogue: pooling });
    const example = convCase(desc);
    example.x[0] = NaN; // all filters see it in the first window
    const [rows, columns] = storedShape(desc).slice(2);
    for (const algorithm of able.map((algo) => convTable.forward[algo])) {
      for (const config of inTurn(algorithm.configs(desc, device), 1, fastest)) {
        const { output } = await runConv(device, algorithm, config, example);
        for (let k = 0; k < desc.K; k++)
          expect(output[k * rows * columns], `${algorithm.name} ${config.label}`).toBeNaN();
        expect(output.at(-1), `${algorithm.name} ${config.label}`).not.toBeNaN();
      }
    }
  });
});

describe('what cannot pool', () => {
  test('says why', async () => {
    const device = await openTestDevice();
    const desc = convDescriptor({ x: [1, 4, 8, 8], w: [4, 4, 3, 3], padding: [1, 1, 1, 1] }, { epilogue: pooling });
    const refused = convAlgorithms('forward').filter((a) => a.supports(desc, device) !== true);
    expect(refused.map(({ name }) => name)).toEqual(['GEMM', 'FFT', 'FFT_TILING']);
    for (const algorithm of refused)
      expect(algorithm.supports(desc, device)).toMatch(/^cannot end in a max 2x2 pool: /);
    device.destroy();
  });

  test('an output without a window, and a gradient, are refused with the values', () => {
    expect(() => convDescriptor({ x: [1, 1, 3, 4], w: [1, 1, 3, 3] }, { epilogue: pooling })).toThrow(
      /an output of 1×2 holds no window of a max 2x2 pool/,
    );
    expect(() =>
      convDescriptor({ x: [1, 1, 8, 8], w: [1, 1, 3, 3] }, { epilogue: pooling, direction: 'backward data' }),
    ).toThrow(/backward data has no epilogue/);
  });

  test('the problem knows what is stored, in one line and element by element', () => {
    const desc = convDescriptor(
      { x: [2, 3, 7, 6], w: [4, 3, 3, 3], padding: [1, 1, 1, 1] },
      { epilogue: { ...pooling, residual: true } },
    );
    const { operands, description, reference } = convProblem(desc);
    expect(description).toBe('2×3×7×6 * 4×3×3×3, padding 1, float32, + bias + residual + relu + max pool 2×2');
    expect(operands.find(({ role }) => role === 'y')).toMatchObject({ shape: [2, 4, 3, 3], sums: 2 * 4 * 3 * 3 * 4 });
    expect(operands.find(({ role }) => role === 'residual')).toMatchObject({ shape: [2, 4, 7, 6] });
    const { reference: expected, ...inputs } = convCase(desc);
    const { desc: _, y: __, ...read } = inputs;
    expect(Array.from(reference(read, Uint32Array.from(expected.keys())))).toEqual(
      Array.from(expected, (v) => expect.closeTo(v, 12)),
    );
  });
});
