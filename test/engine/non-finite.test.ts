/**
 * @file Intent: a NaN or an infinity reaches the outputs that it belongs to and no other, in every algorithm but those
 * that say how far they spread it; these can be kept out, and a program whose results hold such numbers is told of
 * them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { candidateId } from '../../src/dnn/choice/candidates.ts';
import { Chooser } from '../../src/dnn/choice/choose.ts';
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convDescriptor, describeConv } from '../../src/dnn/conv2d/descriptor.ts';
import { convProblem } from '../../src/dnn/conv2d/problem.ts';
import { convAlgorithms } from '../../src/dnn/conv2d/table.ts';
import type { Direction } from '../../src/dnn/choice/records.ts';
import { defaultSettings } from '../../src/dnn/choice/settings.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { ConvGeometry } from '../../src/graph/geometry.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { openAdapter } from '../../src/machine/adapters.ts';
import { Session } from '../../src/session/session.ts';
import type { ConsoleEntry } from '../../src/session/protocol.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { inTurn } from '../support/combinations.ts';
import { convCase, runConv } from '../support/conv.ts';
import { openTestDevice, softwareAdapters } from '../support/device.ts';
import '../support/four-lanes.ts';

const shapes: readonly ConvGeometry[] = [
  { x: [2, 5, 10, 11], w: [9, 5, 3, 3], padding: [1, 1, 1, 1] },
  { x: [1, 6, 9, 12], w: [6, 1, 3, 3], padding: [1, 1, 1, 1], groups: 6 },
  { x: [1, 3, 13, 12], w: [5, 3, 5, 5], padding: [2, 2, 2, 2], stride: [2, 1] },
];

/** What a direction reads beside the filter, or beside dy for the filter's gradient. */
const planes: Record<Direction, 'x' | 'y'> = { forward: 'x', 'backward data': 'y', 'backward filter': 'x' };

/** An operand with one number that is not finite, near the middle of the first image's first plane. */
function planted(desc: ConvDescriptor, value: number) {
  const [height, width] = planes[desc.direction] === 'x' ? [desc.H, desc.W] : [desc.P, desc.Q];
  return convCase(
    desc,
    1,
    (operands) =>
      void operands[planes[desc.direction]].fill(
        value,
        Math.floor(height / 2) * width + Math.floor(width / 3),
        Math.floor(height / 2) * width + Math.floor(width / 3) + 1,
      ),
  );
}

const kindOf = (v: number): string => (Number.isNaN(v) ? 'NaN' : Number.isFinite(v) ? 'finite' : v > 0 ? '∞' : '−∞');

const adapters = await softwareAdapters();

describe.each(adapters)('on %s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice(name);
  });
  afterAll(() => device.destroy());

  describe.each<Direction>(['forward', 'backward data', 'backward filter'])('%s', (direction) => {
    test.each(
      shapes
        .map((geometry) => convDescriptor(geometry, { direction }))
        .map((desc, i) => [describeConv(desc), desc, i] as const),
    )('%s', async (_, desc, i) => {
      const example = planted(desc, Infinity);
      const expected = [...example.reference].map(kindOf);
      expect(expected).toContain('finite');
      for (const algorithm of convAlgorithms(direction)) {
        if (algorithm.supports(desc, device) !== true) continue;
        for (const config of inTurn(algorithm.configs(desc, device), i, name === adapters[0])) {
          const { output } = await runConv(device, algorithm, config, example);
          const found = [...output].map(kindOf);
          const wrong = found.filter((kind, i) => kind !== expected[i]).length;
          const what = `${candidateId({ algorithm, config })}: ${wrong} of ${found.length} outputs are of another kind`;
          if (!algorithm.spreads) expect.soft(wrong, what).toBe(0);
          else
            expect
              .soft(
                found.every((kind, i) => kind !== 'finite' || expected[i] === 'finite'),
                `${what}; one is lost`,
              )
              .toBe(true);
        }
      }
    });
  });

  test('an infinity reaches the whole image by FFT, becomes NaN in a tile by the other transforms, and never reaches another image', async () => {
    const desc = convDescriptor(
      { x: [2, 2, 40, 40], w: [3, 2, 3, 3], padding: [1, 1, 1, 1] },
      { direction: 'forward' },
    );
    const example = planted(desc, Infinity);
    const belongs = [...example.reference].filter((v) => !Number.isFinite(v)).length;
    const image = desc.K * desc.P * desc.Q;
    for (const algorithm of convAlgorithms('forward')) {
      const [config] = algorithm.configs(desc, device);
      const { output } = await runConv(device, algorithm, config, example);
      const reached = [...output].filter((v) => !Number.isFinite(v)).length;
      expect([...output.subarray(image)].every(Number.isFinite), algorithm.name).toBe(true);
      if (algorithm.spreads === undefined) expect(reached, algorithm.name).toBe(belongs);
      if (algorithm.spreads === 'tile')
        expect(
          reached < image && [...output].some((v, i) => kindOf(v) !== kindOf(example.reference[i])),
          algorithm.name,
        ).toBe(true);
      if (algorithm.spreads === 'image') expect(reached, algorithm.name).toBe(image);
    }
  });

  test('containNonFinite keeps these algorithms out, each with its reason', async () => {
    const problem = convProblem(convDescriptor(shapes[0], { direction: 'forward' }));
    const chooser = new Chooser(device, { ...defaultSettings(), containNonFinite: true });
    const plan = await chooser.choose(problem);
    expect(plan.algorithm.spreads).toBeUndefined();
    const [{ candidates }] = chooser.takeChoices();
    expect([...new Map(candidates.filter(({ spreads }) => spreads).map(({ algo, reason }) => [algo, reason]))]).toEqual(
      [
        ['FFT', 'spreads a NaN or an infinity over its image, and containNonFinite is set'],
        ['FFT_TILING', 'spreads a NaN or an infinity over its tile, and containNonFinite is set'],
        ['WINOGRAD', 'spreads a NaN or an infinity over its tile, and containNonFinite is set'],
        ['WINOGRAD_NONFUSED', 'spreads a NaN or an infinity over its tile, and containNonFinite is set'],
      ],
    );
    await expect(chooser.choose(problem, { algo: 'FFT' })).rejects.toThrow(
      'spreads a NaN or an infinity over its image, and containNonFinite is set',
    );
  });

  describe('a program', () => {
    const run = async (text: string): Promise<ConsoleEntry[]> => {
      const entries: ConsoleEntry[] = [];
      provideShaders(readShaders());
      const session = new Session({ versions: {} });
      await session.start((await openAdapter(name)).gpu, '');
      const result = await session.run(`import { torch, F, dnn } from 'wudnn'\n${text}`, {
        console: (entry) => entries.push(entry),
        progress: () => {},
      });
      expect(result).toMatchObject({ ok: true });
      return entries.filter(({ level }) => level === 'warn');
    };
    const convolve = (algo: string, value: string): string => `
      const x = torch.ones(1, 1, 8, 8, { device: 'webgpu' })
      const y = F.conv2d(x.mul(${value}), torch.ones(1, 1, 3, 3, { device: 'webgpu' }), null, { algo: '${algo}' })
      await y.data(); await y.add(1).data()`;

    test('is told once where a result is not finite and an algorithm may have spread that', async () => {
      expect(await run(convolve('FFT', 'Infinity'))).toEqual([
        {
          level: 'warn',
          text: 'a result holds NaN or infinity, and conv2d by FFT may have spread it to elements that it does not belong to; torch.backends.cudnn.containNonFinite = true keeps such algorithms out',
        },
      ]);
    });

    test('is not told of finite results, nor of algorithms that spread nothing', async () => {
      expect(await run(convolve('FFT', '1'))).toEqual([]);
      expect(await run(convolve('DIRECT', 'Infinity'))).toEqual([]);
    });
  });
});
