/**
 * Intent: every kernel that ends a forward algorithm ends in any epilogue: each activation, bias, residual and both, in
 * float32; in float16 every second algorithm with each.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConvAlgorithm, ConvConfig } from '../../src/dnn/conv2d/algorithm.ts';
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convAlgorithms, convTable } from '../../src/dnn/conv2d/table.ts';
import type { Epilogue, FloatType } from '../../src/dnn/kernels/epilogue.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { ConvGeometry } from '../../src/graph/geometry.ts';
import { activationNames as names } from '../../src/graph/ops/conv2d-fused.ts';
import { hasTurn } from '../support/combinations.ts';
import { convCase, gate, runConv } from '../support/conv.ts';
import { openTestDevice } from '../support/device.ts';
import '../support/four-lanes.ts';

const joins = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

/** Every activation once, and every way of joining with it. */
const epilogues: Epilogue[] = names.map((activation, i) => ({
  activation,
  bias: joins[(i + 1) % 4][0],
  residual: joins[(i + 1) % 4][1],
}));

/** Of configurations whose last kernel is the same but for its sizes, the first. */
function firstOfEachKernel(
  algorithm: ConvAlgorithm,
  desc: ConvDescriptor,
  configs: readonly ConvConfig[],
): ConvConfig[] {
  const lastKernel = (config: ConvConfig): string =>
    algorithm.launches(desc, config, { x: 0, w: 1, y: 2, bias: 3, residual: 4, workspace: [5, 6, 7, 8, 9, 10] }).at(-1)!
      .kernel.label;
  return configs.filter((config, i) => configs.findIndex((other) => lastKernel(other) === lastKernel(config)) === i);
}

describe('epilogues', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => device.destroy());

  describe.each<FloatType>(['float32', 'float16'])('%s', (dtype) => {
    async function verify(
      epilogue: Epilogue,
      turn: number,
      geometry: ConvGeometry,
      algorithms: readonly ConvAlgorithm[],
    ): Promise<void> {
      const desc = convDescriptor(geometry, { dtype, epilogue });
      const example = convCase(desc);
      for (const [a, algorithm] of algorithms.entries()) {
        if (algorithm.supports(desc, device) !== true || !hasTurn(turn + a, 2, dtype === 'float32')) continue;
        for (const config of firstOfEachKernel(algorithm, desc, algorithm.configs(desc, device))) {
          const { error } = await runConv(device, algorithm, config, example);
          expect(error, `${algorithm.name} ${config.label}`).toBeLessThan(gate(desc, config, algorithm));
        }
      }
    }

    const turns = epilogues.map((epilogue, turn) => ({ ...epilogue, turn }));
    test.for(turns)('$activation, bias $bias, residual $residual', async ({ turn, ...epilogue }, { skip }) => {
      skip(dtype === 'float16' && !device.features.has('shader-f16'), 'the adapter has no shader-f16');
      const geometry: ConvGeometry = { x: [2, 10, 9, 9], w: [9, 10, 3, 3], padding: [1, 1, 1, 1] };
      await verify(epilogue, turn, geometry, convAlgorithms('forward'));
      // Depthwise convolutions have kernels of their own.
      await verify(epilogue, 0, { x: [2, 5, 9, 9], w: [10, 1, 3, 3], padding: [1, 1, 1, 1], groups: 5 }, [
        convTable.forward.DIRECT,
      ]);
    });
  });
});
