/**
 * Intent: what is labelled deterministic gives the same bits in twenty repeats with other work in between, on buffers
 * that were poisoned anew each time; and whatever is labelled non-deterministic adds by atomics.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { candidateId } from '../../src/dnn/choice/candidates.ts';
import { convDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convAlgorithms } from '../../src/dnn/conv2d/table.ts';
import type { Direction } from '../../src/dnn/choice/records.ts';
import type { Device } from '../../src/gpu/device.ts';
import { link } from '../../src/gpu/linker.ts';
import { convCase, runConv } from '../support/conv.ts';
import { openTestDevice } from '../support/device.ts';
import '../support/four-lanes.ts';

const directions: Direction[] = ['forward', 'backward data', 'backward filter'];
const geometry = { x: [2, 12, 11, 11], w: [10, 12, 3, 3], padding: [1, 1, 1, 1] } as const;
const slots = { x: 0, w: 1, y: 2, workspace: [3, 4, 5, 6, 7] };

describe.each(directions)('%s', (direction) => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => device.destroy());

  const desc = convDescriptor(geometry, { direction });

  test('deterministic algorithms repeat their bits, in every configuration', async () => {
    const example = convCase(desc);
    const other = convCase(convDescriptor({ x: [1, 3, 9, 9], w: [4, 3, 3, 3] }, { direction }), 2);
    const algorithms = convAlgorithms(direction).filter((a) => a.determinism === 'deterministic');
    expect(algorithms.filter((a) => a.supports(desc, device) !== true)).toEqual([]);
    const candidates = algorithms.flatMap((algorithm) =>
      algorithm
        .configs(desc, device)
        .map((config) => ({ algorithm, config, name: candidateId({ algorithm, config }) })),
    );
    const first = new Map<string, Float64Array>();
    for (let repeat = 0; repeat < 20; repeat++) {
      for (const { algorithm, config, name } of candidates) {
        const { output } = await runConv(device, algorithm, config, example);
        if (repeat === 0) first.set(name, output);
        else expect(output, `${name}, repeat ${repeat}`).toEqual(first.get(name));
      }
      const between = convAlgorithms(direction).find((a) => a.supports(other.desc, device) === true)!;
      await runConv(device, between, between.configs(other.desc, device)[0], other);
    }
    expect(first.size).toBe(candidates.length);
  });

  test('algorithms are labelled by what their shaders do', () => {
    for (const algorithm of convAlgorithms(direction)) {
      if (algorithm.supports(desc, device) !== true) continue;
      for (const config of algorithm.configs(desc, device)) {
        const atomic = algorithm
          .launches(desc, config, slots)
          .some(({ kernel }) => link(kernel).code.includes('atomicCompareExchangeWeak'));
        expect(atomic, `${algorithm.name} ${config.label}`).toBe(algorithm.determinism === 'non-deterministic');
      }
    }
  });
});
