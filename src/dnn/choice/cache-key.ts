/**
 * @file The key of a measured choice: PyTorch's ConvolutionParams (the descriptor with its epilogue, and the switches
 * that rule candidates out), the adapter, and a checksum of everything that the candidates' kernels are made of. What
 * changes any of them changes the key, so a stale entry is never found; and a shader file is part of the keys of those
 * problems only that have a candidate which uses it.
 */
import { fnv1a64 } from '../../base/hash.ts';
import type { Device } from '../../gpu/device.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import { kernelKey, shaderSource } from '../../gpu/linker.ts';
import { candidateId, slotsOf } from './candidates.ts';
import type { Plan, Problem } from '../problem.ts';

/** Of what is kept: choices (records.ts) and rates. What was kept in another form is measured anew. */
const recordsVersion = 3;

const versioned = `records ${recordsVersion}`;

/** Whether a key was made for another form of what is kept. */
export const isOutdated = (key: string): boolean => key.includes(' | adapter ') && !key.includes(` | ${versioned} | `);

export function cacheKey(
  problem: Problem,
  plans: readonly Plan[],
  switches: string,
  device: Pick<Device, 'adapter' | 'clock'>,
): string {
  return [
    problem.key,
    switches,
    versioned,
    `adapter ${adapterChecksum(device)}`,
    `kernels ${kernelsChecksum(problem, plans)}`,
  ].join(' | ');
}

/** The key of an adapter's rates, as `probes` show them. */
export const ratesKey = (device: Pick<Device, 'adapter' | 'clock'>, probes: readonly string[]): string =>
  ['rates', versioned, `adapter ${adapterChecksum(device)}`, `probes ${fnv1a64(probes.join())}`].join(' | ');

/** Vendor, architecture, device and driver as far as WebGPU tells them, features, limits, and the kind of clock. */
const adapterChecksum = ({ adapter, clock }: Pick<Device, 'adapter' | 'clock'>): string =>
  fnv1a64(JSON.stringify([adapter, clock.kind]));

function kernelsChecksum(problem: Problem, plans: readonly Plan[]): string {
  const parts = new Set<string>();
  for (const plan of plans) {
    parts.add(candidateId(plan));
    for (const { kernel } of plan.algorithm.launches(problem.desc, plan.config, slotsOf(problem, plan)))
      parts.add(kernelChecksum(kernel));
  }
  return fnv1a64([...parts].join('\n'));
}

const kernelChecksum = (kernel: KernelSpec): string =>
  kernelKey(kernel) + (kernel.files ?? []).map((file) => textChecksum(shaderSource(file))).join(' ');

const known = new Map<string, string>();

/** Shader files are few and long, so each text is read once. */
function textChecksum(text: string): string {
  let checksum = known.get(text);
  if (checksum === undefined) known.set(text, (checksum = fnv1a64(text)));
  return checksum;
}
