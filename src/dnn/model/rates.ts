/**
 * @file What an adapter can do, by short probes: kernels in shaders/probe/ that each press on one resource and on
 * nothing else.
 *
 * A probe begins with a few workgroups, enough for a software adapter, and is given more where those take no time to
 * speak of (`probe-times.ts`). All probes together are meant to take a tenth of a second.
 */
import type { Device } from '../../gpu/device.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import { kernel, linear, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import { shaderSource } from '../../gpu/linker.ts';
import type { PlanCache } from '../choice/cache.ts';
import { ratesKey } from '../choice/cache-key.ts';
import type { ProbeSample, ProbeTime } from './probe-times.ts';
import { timeProbes } from './probe-times.ts';

export interface Rates {
  /** Multiply-adds a nanosecond, by type, one number or four at a time. */
  readonly fma: { readonly f32: number; readonly f32x4: number; readonly f16?: number; readonly f16x4?: number };
  /** Exponentials a nanosecond. */
  readonly exponential: number;
  /** Elements read from a cache a nanosecond, one or four at a time. */
  readonly load: number;
  readonly load4: number;
  /** Accesses to workgroup memory a nanosecond. */
  readonly shared: number;
  /** Bytes a nanosecond to or from memory. */
  readonly memory: number;
  /** Barriers that invocations pass, a nanosecond. */
  readonly barrier: number;
  /** Elements a nanosecond that are moved, one by an invocation, which finds out where from by divisions. */
  readonly move: number;
  /** Nanoseconds of a launch, and of a workgroup in it. */
  readonly launchNs: number;
  readonly workgroupNs: number;
  /** Saturation: workgroups that it takes to reach the rates. */
  readonly saturation: number;
  /** Invocations that run in step. */
  readonly lanes: number;
  readonly quantumNs: number;
}

/** Lanes of a subgroup, where the adapter does not say. */
const usualLanes = 16;

const group = 64;

const cachedElements = 1024;

/**
 * Operations of an invocation of each probe; see their files. One workgroup alone does more of them, or its launch
 * would be all that is seen.
 */
const steps = { fma: 32, alone: 2048, exponential: 16, load: 64, shared: 64, barrier: 8 };

interface Probe {
  readonly kernel: KernelSpec;
  /** Buffers in the order of their bindings, in bytes for so many workgroups; the last one is written. */
  readonly buffers: (workgroups: number) => readonly number[];
  /** Never more than one workgroup. */
  readonly alone?: boolean;
}

const known = new WeakMap<Device, Promise<Rates>>();

/** The device's rates. They are measured once for each adapter and kept in the cache. */
export function ratesOf(device: Device, cache: PlanCache): Promise<Rates> {
  let rates = known.get(device);
  if (!rates) {
    rates = findRates(device, cache);
    known.set(device, rates);
    rates.catch(() => known.delete(device));
  }
  return rates;
}

/** Under which the cache keeps them: another adapter has others, and so have other probes. */
export function keyOfRates(device: Device): string {
  const files = ['barrier', 'exponential', 'fma', 'launch', 'load', 'move', 'shared', 'stream'].map((name) =>
    shaderSource(`probe/${name}.wgsl`),
  );
  return ratesKey(device, files);
}

async function findRates(device: Device, cache: PlanCache): Promise<Rates> {
  const key = keyOfRates(device);
  const kept = await cache.lookupRates(key);
  if (kept) return kept;
  const rates = await measureRates(device);
  await cache.recordRates(key, rates);
  return rates;
}

async function measureRates(device: Device): Promise<Rates> {
  const half = device.features.has('shader-f16');
  const fma = (scalar: string, number: string): Probe =>
    probe('fma', { STEPS: steps.fma }, { Scalar: scalar, Number: number });
  const load = (number: string, bytes: number): Probe => ({
    ...probe('load', { STEPS: steps.load, ELEMENTS: cachedElements }, { Number: number }),
    buffers: (workgroups) => [cachedElements * bytes, 4 * group * workgroups],
  });
  const probes: Record<string, Probe> = {
    launch: { ...probe('launch', {}, {}), alone: true },
    workgroup: probe('launch', {}, {}),
    alone: { ...probe('fma', { STEPS: steps.alone }, { Scalar: 'f32', Number: 'f32' }), alone: true },
    f32: fma('f32', 'f32'),
    f32x4: fma('f32', 'vec4<f32>'),
    exponential: probe('exponential', { STEPS: steps.exponential }, {}, ['lib/math.wgsl', 'lib/exponential.wgsl']),
    load: load('f32', 4),
    load4: load('vec4<f32>', 16),
    shared: probe('shared', { STEPS: steps.shared }, {}),
    barrier: probe('barrier', { STEPS: steps.barrier }, {}),
    move: { ...probe('move', {}, {}), buffers: (workgroups) => [4 * group * workgroups, 4 * group * workgroups] },
    stream: { ...probe('stream', {}, {}), buffers: (workgroups) => [16 * group * workgroups, 16 * group * workgroups] },
  };
  if (half) Object.assign(probes, { f16: fma('f16', 'f16'), f16x4: fma('f16', 'vec4<f16>') });
  const times = await timeOf(device, probes);
  const launchNs = times.launch.ns;
  /** Units a nanosecond, where each workgroup does `count` of them. */
  const rate = (name: string, count: number): number =>
    (times[name].workgroups * count) / Math.max(times[name].ns - launchNs, times[name].ns / 2);
  const flops = 8 * steps.fma * group;
  return {
    fma: {
      f32: rate('f32', flops),
      f32x4: rate('f32x4', 4 * flops),
      ...(half && { f16: rate('f16', flops), f16x4: rate('f16x4', 4 * flops) }),
    },
    exponential: rate('exponential', steps.exponential * group),
    load: rate('load', 2 * steps.load * group),
    load4: rate('load4', 4 * 2 * steps.load * group),
    shared: rate('shared', 2 * steps.shared * group),
    memory: rate('stream', 32 * group),
    barrier: rate('barrier', steps.barrier * group),
    move: rate('move', group),
    launchNs,
    workgroupNs: 1 / rate('workgroup', 1),
    saturation: Math.max(1, rate('f32', flops) / rate('alone', 8 * steps.alone * group)),
    lanes: device.subgroupSize ?? usualLanes,
    quantumNs: device.clock.quantumNs,
  };
}

function probe(
  name: string,
  constants: Record<string, number>,
  alias: Record<string, string>,
  files: readonly string[] = [],
): Probe {
  const enable = Object.values(alias).includes('f16') ? ['f16'] : [];
  return {
    kernel: kernel(`probe/${name}`, linear(group), { enable, const: constants, alias, files }),
    buffers: (workgroups) => [4 * group * workgroups],
  };
}

async function timeOf(device: Device, named: Readonly<Record<string, Probe>>): Promise<Record<string, ProbeTime>> {
  const probes = Object.values(named);
  const times = await timeProbes(
    {
      quantumNs: device.clock.quantumNs,
      now: () => performance.now(),
      time: (samples) => runProbes(device, probes, samples),
    },
    probes.map(({ alone = false }) => alone),
  );
  return Object.fromEntries(Object.keys(named).map((name, i) => [name, times[i]]));
}

async function runProbes(device: Device, probes: readonly Probe[], samples: readonly ProbeSample[]): Promise<number[]> {
  const spans = await Promise.all(
    probes.map(async ({ kernel, buffers }, i) => {
      const { workgroups, repeats } = samples[i];
      const sizes = buffers(workgroups);
      const bindings = sizes.map((_, slot) => (slot === sizes.length - 1 ? writes(slot) : reads(slot)));
      const program = await device.prepare([{ kernel, bindings, workgroups: linearGrid(workgroups) }]);
      return { program, buffers: sizes.map((bytes) => device.pool.allocate(bytes, 'probe')), repeats };
    }),
  );
  try {
    return await device.time(spans);
  } finally {
    for (const { program, buffers } of spans) {
      program.destroy();
      for (const buffer of buffers) device.pool.release(buffer);
    }
  }
}
