/**
 * @file Which versions fit together: PyTorch, CUDA, cuDNN, the GPU's compute capability, the driver.
 *
 * What a build covers it tells itself (`torch.cuda.get_arch_list()`); what cannot be asked stands here.
 * Sources: PyTorch's release notes and RELEASE.md (release compatibility matrix), NVIDIA's CUDA release notes (table of
 * minimum driver versions), cuDNN's `cudnn_version.h` for how a version is counted.
 */
import type { RemoteFacts } from './facts.ts';

export interface Judgement {
  readonly fits: boolean;
  readonly message: string;
  readonly remedy?: string;
}

/** What PyTorch was released with: CUDA → cuDNN. */
const releases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '2.1': { '11.8': '8.7', '12.1': '8.9.2' },
  '2.2': { '11.8': '8.7', '12.1': '8.9.2' },
  '2.3': { '11.8': '8.7', '12.1': '8.9.2' },
  '2.6': { '11.8': '9.1.0', '12.4': '9.1.0', '12.6': '9.5.1' },
};

/** The oldest Linux driver that runs a CUDA of that major version. */
const minimumDriver: Readonly<Record<string, string>> = { '11': '450.80.02', '12': '525.60.13', '13': '580.65.06' };

/** cuDNN's number as a version: 90501 → 9.5.1, 8902 → 8.9.2. */
export function cudnnVersion(number: number): string {
  const major = number >= 10_000 ? 10_000 : 1000;
  return [Math.floor(number / major), Math.floor((number % major) / 100), number % 100].join('.');
}

/**
 * Whether the remote's versions fit each other and its GPUs; the first misfit counts. Where no driver is found there is
 * none to misfit: without a GPU jobs run on the CPU, in a build for CUDA too, and with one the driver is there and only
 * hidden.
 */
export function judgeVersions({ torch, devices, driver }: RemoteFacts): Judgement {
  if (!torch) return { fits: false, message: 'there is no PyTorch to check' };
  if (!torch.cuda) {
    return driver
      ? {
          fits: false,
          message: `the machine has NVIDIA driver ${driver}, but PyTorch ${torch.version} is a CPU build`,
          remedy: 'pip install torch --index-url https://download.pytorch.org/whl/cu126',
        }
      : { fits: true, message: `PyTorch ${torch.version} for the CPU needs nothing else` };
  }
  return (
    judgeDriver(torch.cuda, driver) ??
    judgeCapability(torch.architectures, devices) ??
    judgeRelease(torch.version, torch.cuda, torch.cudnn)
  );
}

function judgeDriver(cuda: string, driver: string | null): Judgement | undefined {
  const needed = minimumDriver[cuda.split('.')[0]];
  if (!driver || !needed || compareVersions(driver, needed) >= 0) return undefined;
  return {
    fits: false,
    message: `the driver ${driver} is too old: CUDA ${cuda} needs at least ${needed}`,
    remedy: 'update the NVIDIA driver on the host; a container cannot contain one',
  };
}

/** A GPU is covered by code for its major version and at most its minor one, or by PTX of an older architecture. */
function judgeCapability(architectures: readonly string[], devices: RemoteFacts['devices']): Judgement | undefined {
  for (const { name, capability } of devices) {
    const [major, minor] = capability.split('.').map(Number);
    const covered = architectures.some((architecture) => {
      const [, kind, digits] = /^(sm|compute)_(\d+)/.exec(architecture) ?? [];
      if (digits === undefined) return false;
      const [m, n] = [Number(digits.slice(0, -1)), Number(digits.slice(-1))];
      return kind === 'sm' ? m === major && n <= minor : m < major || (m === major && n <= minor);
    });
    if (!covered) {
      return {
        fits: false,
        message: `this build of PyTorch has no code for ${name} (compute capability ${capability}); it has ${architectures.join(', ')}`,
        remedy: 'install a build for this GPU: https://pytorch.org/get-started/locally',
      };
    }
  }
  return undefined;
}

function judgeRelease(version: string, cuda: string, cudnn: number | null): Judgement {
  const release = /^\d+\.\d+/.exec(version)?.[0] ?? version;
  const found = cudnn === null ? 'no cuDNN' : `cuDNN ${cudnnVersion(cudnn)}`;
  const message = `PyTorch ${version}, CUDA ${cuda}, ${found}`;
  const known = releases[release];
  if (!known) return { fits: true, message };
  const builds = Object.entries(known)
    .map(([c, d]) => `CUDA ${c} with cuDNN ${d}`)
    .join(', ');
  const note = release === '2.6' ? '; CUDA 12.1 with cuDNN 8.9, often quoted for 2.6, belongs to 2.1 to 2.3' : '';
  return { fits: true, message: `${message}; PyTorch ${release} was released for ${builds}${note}` };
}

function compareVersions(a: string, b: string): number {
  const [x, y] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const d = (x[i] ?? 0) - (y[i] ?? 0);
    if (d !== 0) return d;
  }
  return 0;
}
