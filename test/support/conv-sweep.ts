/**
 * @file The sweep: every algorithm of a direction over all shapes and dtypes, on every software adapter of the machine;
 * in every configuration that it offers on the fastest adapter in float32, in the next in turn elsewhere. The transform
 * algorithms have sweeps of their own (conv-fft, conv-winograd), over the sizes that their tiles make interesting.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConvAlgorithm, ConvConfig } from '../../src/dnn/conv2d/algorithm.ts';
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convDescriptor, describeConv } from '../../src/dnn/conv2d/descriptor.ts';
import { convAlgorithms } from '../../src/dnn/conv2d/table.ts';
import type { FloatType } from '../../src/dnn/kernels/epilogue.ts';
import type { Direction } from '../../src/dnn/choice/records.ts';
import type { Device } from '../../src/gpu/device.ts';
import { Turns } from './combinations.ts';
import { convCase, gate, runConv } from './conv.ts';
import { convShapes } from './conv-shapes.ts';
import { openTestDevice, softwareAdapters } from './device.ts';

export async function sweep(direction: Direction): Promise<void> {
  const adapters = await softwareAdapters();
  describe.each(adapters)(`${direction} on %s`, (name) => {
    const turns = new Turns();
    let device: Device;
    beforeAll(async () => {
      device = await openTestDevice(name);
    });
    afterAll(() => device.destroy());

    const cases = (dtype: FloatType): [string, ConvDescriptor, number][] =>
      convShapes
        .map((geometry) => convDescriptor(geometry, { direction, dtype }))
        .map((desc, i) => [describeConv(desc), desc, i]);

    test.for(cases('float32'))('%s', ([, desc, i]) => verify(device, turns, desc, i, name === adapters[0]));
    test.for(cases('float16'))('%s', ([, desc, i], { skip }) => {
      skip(!device.features.has('shader-f16'), 'the adapter has no shader-f16');
      return verify(device, turns, desc, i);
    });
  });
}

const isTransform = (name: string): boolean => name.startsWith('FFT') || name.startsWith('WINOGRAD');

const nameOf = ({ dtype }: ConvDescriptor, { name }: ConvAlgorithm, { label, mathType }: ConvConfig): string =>
  [dtype, name, label, mathType].join();

async function verify(
  device: Device,
  turns: Turns,
  desc: ConvDescriptor,
  turn: number,
  thorough = false,
): Promise<void> {
  const example = convCase(desc);
  for (const [a, algorithm] of convAlgorithms(desc.direction).entries()) {
    if (isTransform(algorithm.name) || algorithm.supports(desc, device) !== true) continue;
    const configs = algorithm.configs(desc, device);
    for (const config of turns.next(configs, (c) => nameOf(desc, algorithm, c), turn + a, thorough)) {
      const { error } = await runConv(device, algorithm, config, example);
      expect(error, `${algorithm.name} ${config.label} ${config.mathType}`).toBeLessThan(gate(desc, config, algorithm));
    }
  }
}
