/**
 * Intent: what the steps show is what the kernels hold. The matrix of im2col, the index table and the spectra are read
 * back from the device's workspace and compared with the numbers of the grids, and so is every algorithm's output.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convTable } from '../../src/dnn/conv2d/table.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { Sizes } from '../../src/steps/convolution.ts';
import { startOf } from '../../src/steps/convolution.ts';
import { walkthroughs } from '../../src/steps/index.ts';
import { valuesAfter } from '../../src/steps/walkthrough.ts';
import { openTestDevice, softwareAdapters } from '../support/device.ts';
import { runJob } from '../support/run.ts';

const shapes: readonly Sizes[] = [
  { C: 1, H: 5, W: 5, K: 1, R: 3, S: 3, padding: 0, stride: 1 },
  { C: 3, H: 8, W: 8, K: 2, R: 3, S: 3, padding: 1, stride: 1 },
  { C: 2, H: 7, W: 7, K: 2, R: 5, S: 5, padding: 2, stride: 2 },
];

type Name = 'DIRECT' | 'GEMM' | 'IMPLICIT_GEMM' | 'IMPLICIT_PRECOMP_GEMM' | 'WINOGRAD' | 'FFT';
const names: readonly Name[] = ['DIRECT', 'GEMM', 'IMPLICIT_GEMM', 'IMPLICIT_PRECOMP_GEMM', 'WINOGRAD', 'FFT'];

/** What the algorithm leaves on the device: its output and the parts of its workspace. */
async function onDevice(device: Device, name: Name, size: Sizes) {
  const { C, H, W, K, R, S, padding, stride, x, w } = startOf(size);
  const d = convDescriptor({
    x: [1, C, H, W],
    w: [K, C, R, S],
    stride: [stride, stride],
    padding: [padding, padding, padding, padding],
  });
  const algorithm = convTable.forward[name];
  const [config] = algorithm.configs(d, device);
  const bytes = algorithm.workspace(d, config);
  const slots = { x: 0, w: 1, y: 2, workspace: bytes.map((_, i) => 3 + i) };
  const [y, ...workspace] = await runJob(device, {
    what: `${name} step by step`,
    inputs: [
      { data: Float64Array.from(x), dtype: 'float32' },
      { data: Float64Array.from(w), dtype: 'float32' },
    ],
    outputs: [
      { length: K * d.P * d.Q, dtype: 'float32' },
      ...bytes.map((size, i) => ({
        length: size / 4,
        dtype: name === 'IMPLICIT_PRECOMP_GEMM' && i === 0 ? ('int32' as const) : ('float32' as const),
      })),
    ],
    launches: algorithm.launches(d, config, slots),
  });
  return { y, workspace };
}

/** The numbers of the grids once all steps are done. */
function drawn(name: Name, size: Sizes) {
  const scene = walkthroughs.find((one) => one.name === name)!.scene(startOf(size));
  const values = valuesAfter(scene, scene.steps.length);
  return (id: string): number[] => values.get(id) as number[];
}

const nearly = (found: readonly number[], expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of found.entries()) expect(value, `number ${i}`).toBeCloseTo(expected[i], 3);
};

describe.each(await softwareAdapters())('on %s', (adapter) => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice(adapter);
  });
  afterAll(() => device.destroy());

  describe.each(shapes)('$C×$H×$W by $K filters of $R×$S', (size) => {
    const isRefused = (name: Name): boolean =>
      walkthroughs.find((one) => one.name === name)!.refuses?.(startOf(size)) !== undefined;

    test.each(names.filter((name) => !isRefused(name)))('%s ends in the same output', async (name) => {
      const { y } = await onDevice(device, name, size);
      const grid = drawn(name, size);
      nearly([...y], Array.from({ length: size.K }, (_, k) => grid(`y${k}`)).flat());
    });

    test("GEMM's matrix is im2col's", async () => {
      const { workspace } = await onDevice(device, 'GEMM', size);
      nearly([...workspace[0]], drawn('GEMM', size)('columns'));
    });

    test("IMPLICIT_PRECOMP_GEMM's table has the same places", async () => {
      const { workspace } = await onDevice(device, 'IMPLICIT_PRECOMP_GEMM', size);
      nearly([...workspace[0]], drawn('IMPLICIT_PRECOMP_GEMM', size)('table'));
    });

    if (isRefused('FFT')) return;
    test("FFT's spectra have the same magnitudes and phases", async () => {
      const { workspace } = await onDevice(device, 'FFT', size);
      const [points, length] = [16 * (16 / 2 + 1), 16];
      const grid = drawn('FFT', size);
      const [, inputs] = workspace;
      const stride = inputs.length / 2 / points; // complex numbers of a point: by channel, filled up
      for (let c = 0; c < size.C; c++)
        for (let point = 0; point < points; point++) {
          const at = 2 * (point * stride + c * (stride / size.C));
          const place = (point % length) * length + Math.floor(point / length);
          const [magnitude, phase] = [grid(`X${c}.magnitude`)[place], Math.PI * grid(`X${c}.phase`)[place]];
          expect(inputs[at], `point ${point}`).toBeCloseTo(magnitude * Math.cos(phase), 3);
          expect(inputs[at + 1], `point ${point}`).toBeCloseTo(magnitude * Math.sin(phase), 3);
        }
    });
  });
});
