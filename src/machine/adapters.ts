/**
 * @file The GPUs that Node can reach: Dawn (the `webgpu` package) on the system's drivers.
 *
 * Dawn opens one adapter of an instance, by name. All drivers go into one instance: those that the Vulkan loader finds
 * by itself (or that VK_DRIVER_FILES, VK_ICD_FILENAMES name), and the SwiftShader that an installed Chromium brings.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { create, globals } from 'webgpu';
import { fail, messageOf } from '../base/errors.ts';
import { nearest } from '../base/names.ts';
import type { AdapterInfo } from '../base/adapter-info.ts';
import { pollPatiently } from './patient-polling.ts';

export interface AdapterReport extends Omit<AdapterInfo, 'timer'> {
  /** What `--adapter` takes: `'nvidia'`, `'lavapipe'`; a second one of a kind is `'nvidia-2'`. */
  readonly name: string;
  /** The device, as its driver calls it. */
  readonly device: string;
}

/** One adapter of the instance: our short name, and the driver's, by which Dawn finds it. */
interface AdapterEntry {
  readonly name: string;
  readonly device: string;
}

/**
 * Short names by what the driver's name contains, in the order of preference: a GPU, then a fast, then a slow software
 * one.
 */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/nvidia|geforce|quadro|tesla/i, 'nvidia'],
  [/amd|radeon/i, 'amd'],
  [/apple/i, 'apple'],
  [/intel/i, 'intel'],
  [/adreno|qualcomm/i, 'qualcomm'],
  [/^(?!.*(llvmpipe|swiftshader|basic render))/i, 'gpu'],
  [/llvmpipe/i, 'lavapipe'],
  [/swiftshader/i, 'swiftshader'],
  [/basic render/i, 'warp'],
];

const backends: Partial<Record<NodeJS.Platform, string>> = { darwin: 'metal', win32: 'd3d12' };
const backend = `backend=${backends[process.platform] ?? 'vulkan'}`;

/**
 * Dawn rounds timestamps to 100 µs so that a web page cannot use them against its visitor; Node needs no such shelter.
 */
const exactTimestamps = 'disable-dawn-features=timestamp_quantization';

const swiftshader = [
  '/usr/lib/chromium',
  '/usr/lib64/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  '/opt/microsoft/msedge',
].map((folder) => join(folder, 'vk_swiftshader_icd.json'));

/** Every adapter, the default one first. */
export async function listAdapters(): Promise<AdapterReport[]> {
  const reports: AdapterReport[] = [];
  for (const listed of await list()) {
    const adapter = await instanceOf(listed).requestAdapter();
    if (adapter) reports.push(report(listed, adapter));
  }
  return reports;
}

/**
 * Opens an adapter by its short name; without one, a GPU where there is one, else the fastest software adapter.
 * Errors: there is no adapter at all, or none of that name (the message lists what was found).
 */
export async function openAdapter(name?: string): Promise<{ gpu: GPU; name: string }> {
  const found = await list();
  if (found.length === 0)
    fail(
      'adapter: no Vulkan, Metal or Direct3D 12 driver was found; "npm run -s wudnn -- doctor" says what to install',
    );
  const chosen = name === undefined ? found[0] : found.find((listed) => listed.name === name);
  const meant =
    chosen || name === undefined
      ? undefined
      : nearest(
          name,
          found.map((listed) => listed.name),
        );
  if (!chosen)
    fail(
      `adapter: there is no '${name}'${meant ? ` (did you mean ${meant}?)` : ''}; found: ${found.map((listed) => listed.name).join(', ')}`,
    );
  Object.assign(globalThis, globals);
  pollPatiently();
  return { gpu: instanceOf(chosen), name: chosen.name };
}

function instanceOf({ device }: AdapterEntry): GPU {
  return create([backend, `adapter=${device}`, exactTimestamps]);
}

/** Dawn lists its adapters in the error about one that does not exist; it has no other call for it. */
async function list(): Promise<AdapterEntry[]> {
  prepareEnvironment();
  try {
    await create([backend, 'adapter=?']).requestAdapter();
    return []; // it is null, not an error, where there is no adapter at all
  } catch (error) {
    return nameAdapters(Array.from(messageOf(error).matchAll(/name: '(.*)'$/gm), (match) => match[1]));
  }
}

/** Short names for drivers' names, in the order of preference. */
export function nameAdapters(devices: readonly string[]): AdapterEntry[] {
  const unique = [...new Set(devices)];
  return kinds.flatMap(([, kind], rank) => {
    const ofKind = unique.filter((device) => kinds.findIndex(([pattern]) => pattern.test(device)) === rank);
    return ofKind.map((device, i) => ({ name: i === 0 ? kind : `${kind}-${i + 1}`, device }));
  });
}

function report({ name, device }: AdapterEntry, adapter: GPUAdapter): AdapterReport {
  const limits: Record<string, number> = {};
  for (const limit in adapter.limits) limits[limit] = adapter.limits[limit as keyof GPUSupportedLimits] as number;
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  return {
    name,
    device,
    description,
    vendor,
    architecture,
    software: isFallbackAdapter,
    features: [...adapter.features].sort(),
    limits,
  };
}

/** The loader and Mesa read these when an instance is made. */
function prepareEnvironment(): void {
  const drivers = swiftshader.find((file) => existsSync(file));
  if (drivers) process.env.VK_ADD_DRIVER_FILES ??= drivers;
  process.env.XDG_RUNTIME_DIR ??= runtimeFolder();
}

function runtimeFolder(): string {
  const folder = join(tmpdir(), `wudnn-runtime-${userInfo().username}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
