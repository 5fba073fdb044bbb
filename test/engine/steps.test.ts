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
import { tiledScene } from '../../src/steps/fft-tiling.ts';
import { walkthroughs } from '../../src/steps/index.ts';
import type { Step } from '../../src/steps/walkthrough.ts';
import { valuesAfter } from '../../src/steps/walkthrough.ts';
import { openTestDevice, softwareAdapters } from '../support/device.ts';
import { runJob } from '../support/run.ts';

const shapes: readonly Sizes[] = [
  { C: 1, H: 5, W: 5, K: 1, R: 3, S: 3, padding: 0, stride: 1 },
  { C: 3, H: 8, W: 8, K: 2, R: 3, S: 3, padding: 1, stride: 1 },
  { C: 2, H: 7, W: 7, K: 2, R: 5, S: 5, padding: 2, stride: 2 },
];

const names = ['DIRECT', 'GEMM', 'IMPLICIT_GEMM', 'IMPLICIT_PRECOMP_GEMM', 'WINOGRAD', 'FFT', 'FFT_TILING'] as const;
type Name = (typeof names)[number];

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

const nearly = (found: readonly number[], expected: readonly number[], digits = 3): void => {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of found.entries()) expect(value, `number ${i}`).toBeCloseTo(expected[i], digits);
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
      const { steps } = walkthroughs.find(({ name }) => name === 'FFT')!.scene(startOf(size));
      for (let c = 0; c < size.C; c++) {
        const [written] = spectra(steps, `X${c}`);
        expectSpectrum(workspace[1], written, { side: 16, channels: size.C, channel: c, tile: 0 });
      }
    });
  });

  test("FFT_TILING's spectra are those of the walk with the kernels' tiles, and so is its output", async () => {
    const size = { C: 2, H: 40, W: 33, K: 2, R: 3, S: 3, padding: 1, stride: 1 };
    const { y, workspace } = await onDevice(device, 'FFT_TILING', size);
    const scene = tiledScene(startOf(size), 32);
    for (let c = 0; c < size.C; c++) {
      const tiles = spectra(scene.steps, `X${c}`);
      expect(tiles).toHaveLength(4);
      for (const [tile, written] of tiles.entries())
        expectSpectrum(workspace[1], written, { side: 32, channels: size.C, channel: c, tile });
    }
    const values = valuesAfter(scene, scene.steps.length);
    nearly(
      [...y],
      ['y0', 'y1'].flatMap((id) => values.get(id) as number[]),
      2,
    );
  });
});

/** What each step that computes a spectrum writes: magnitudes, then phases. */
const spectra = (steps: readonly Step[], grid: string): number[][] =>
  steps
    .filter(({ writes }) => writes[0][0] === `${grid}.magnitude`)
    .map(({ writes }) => writes.map(([, , value]) => value));

/** The device has half of each spectrum, by point, channel and tile, filled up to whole blocks of tiles. */
function expectSpectrum(
  found: ArrayLike<number>,
  written: readonly number[],
  { side, channels, channel, tile }: { side: number; channels: number; channel: number; tile: number },
): void {
  const points = side * (side / 2 + 1);
  const tiles = found.length / 2 / points / channels;
  const digits = side > 16 ? 2 : 3; // sums of more numbers
  for (let point = 0; point < points; point++) {
    const at = 2 * ((point * channels + channel) * tiles + tile);
    const place = (point % side) * side + Math.floor(point / side);
    const [magnitude, phase] = [written[place], Math.PI * written[side * side + place]];
    expect(found[at], `point ${point}`).toBeCloseTo(magnitude * Math.cos(phase), digits);
    expect(found[at + 1], `point ${point}`).toBeCloseTo(magnitude * Math.sin(phase), digits);
  }
}
