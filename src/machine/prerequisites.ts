/**
 * @file What the whole project needs beside its npm packages: how to find it, and what to install where it is missing.
 *
 * `doctor` reports it, `npm test` installs it on Debian, and tests that need a missing piece skip and say so.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import { runsKernels } from './pythons.ts';

export type PrerequisiteName = 'adapter' | 'browser' | 'podman' | 'python' | 'sshd';

export interface Prerequisite {
  readonly what: string;
  readonly judge: (machine: Machine) => Promise<Finding>;
  /** The packages that bring it on Debian. */
  readonly debian: readonly string[];
  /** The Debian releases that have them new enough in their backports only. */
  readonly backports?: readonly string[];
  /** What to install on other systems, one sentence. */
  readonly elsewhere: string;
}

/** `poor`: it works, but something better is worth installing. */
export interface Finding {
  readonly state: 'found' | 'poor' | 'missing';
  /** What was found, or what is wrong. */
  readonly detail: string;
}

export const prerequisites: Record<PrerequisiteName, Prerequisite> = {
  adapter: {
    what: 'a WebGPU adapter for Node',
    judge: judgeAdapter,
    debian: ['mesa-vulkan-drivers'],
    backports: ['bookworm'],
    elsewhere:
      'Install the driver of your GPU; without a GPU, Mesa 25 or newer with its software Vulkan driver lavapipe (on Fedora mesa-vulkan-drivers, on Arch vulkan-swrast).',
  },
  browser: {
    what: 'a Chromium browser',
    judge: judgeBrowser,
    debian: ['chromium'],
    elsewhere:
      'npx puppeteer browsers install chrome, in the folder of this project; or install Chromium, Google Chrome or Microsoft Edge.',
  },
  python: {
    what: 'a Python with PyTorch, Jupyter server and kernel',
    judge: judgePython,
    debian: ['python3-torch', 'jupyter-server', 'python3-ipykernel'],
    elsewhere:
      'In the folder of this project: python3 -m venv .venv && .venv/bin/pip install torch jupyter_server ipykernel',
  },
  podman: {
    what: 'Podman, in which the tests start a container',
    judge: judgePodman,
    debian: ['podman'],
    elsewhere: 'Install Podman; only on Linux, and only as root, can the tests start a container of this machine.',
  },
  sshd: {
    what: 'an OpenSSH server',
    judge: judgeSshd,
    debian: ['openssh-server'],
    elsewhere: 'Install OpenSSH with its server, sshd.',
  },
};

export const prerequisiteNames = Object.keys(prerequisites) as PrerequisiteName[];

/** A finding with what it is about, and with what mends it unless all is well. */
export interface PrerequisiteReport extends Finding {
  readonly name: PrerequisiteName;
  readonly what: string;
  readonly remedy?: string;
}

/** What the machine has of several, in their order. */
export function judge(names: readonly PrerequisiteName[], machine: Machine): Promise<PrerequisiteReport[]> {
  const release = debianRelease();
  return Promise.all(
    names.map(async (name) => {
      const prerequisite = prerequisites[name];
      const report = { name, what: prerequisite.what, ...(await prerequisite.judge(machine)) };
      return report.state === 'found' ? report : { ...report, remedy: remedy(prerequisite, release) };
    }),
  );
}

export function formatPrerequisite({ what, state, detail, remedy: mend }: PrerequisiteReport): string {
  const line = `${state.padEnd(8)} ${what}: ${detail}`;
  return mend === undefined ? line : `${line}\n  ${mend}`;
}

/** Debian's release by its code name, `'bookworm'`; `undefined` on any other system, Debian's descendants included. */
export function debianRelease(): string | undefined {
  if (!existsSync('/etc/os-release')) return undefined;
  const facts = readFileSync('/etc/os-release', 'utf8');
  return /^ID=debian$/m.test(facts) ? /^VERSION_CODENAME=(\S+)$/m.exec(facts)?.[1] : undefined;
}

/** Whether the release has this one only in its backports. */
export function backportsOf({ backports }: Prerequisite, release: string): boolean {
  return backports?.includes(release) ?? false;
}

/**
 * The arguments of the `apt-get` that installs it. `package/suite` takes from the backports only what it must;
 * `-t suite` would take every dependency from there, and other packages would no longer install beside those.
 */
export function aptInstall(prerequisite: Prerequisite, release: string): string[] {
  const suite = backportsOf(prerequisite, release) ? `/${release}-backports` : '';
  return ['install', ...prerequisite.debian.map((name) => name + suite)];
}

/** What mends a missing one: a command on Debian, a sentence elsewhere. */
export function remedy(prerequisite: Prerequisite, release: string | undefined): string {
  if (!release) return prerequisite.elsewhere;
  const command = `apt-get ${aptInstall(prerequisite, release).join(' ')}`;
  return backportsOf(prerequisite, release)
    ? `${command} (with ${release}-backports among apt's sources; npm test as root adds it)`
    : command;
}

async function judgeAdapter(machine: Machine): Promise<Finding> {
  const [adapter] = await machine.adapters();
  if (!adapter) return { state: 'missing', detail: 'no driver that Dawn accepts; it refuses Mesa before 25' };
  const detail = `${adapter.name}: ${adapter.description}`;
  return adapter.name === 'swiftshader'
    ? { state: 'poor', detail: `${detail}; it has no float16 and is slower than lavapipe` }
    : { state: 'found', detail };
}

async function judgeBrowser(machine: Machine): Promise<Finding> {
  const [browser] = await machine.browsers();
  return browser
    ? { state: 'found', detail: `${browser.path}: ${browser.version}` }
    : { state: 'missing', detail: 'none on PATH' };
}

async function judgePython(machine: Machine): Promise<Finding> {
  const [python] = await machine.pythons();
  if (!python) return { state: 'missing', detail: 'no python on PATH can import torch' };
  const detail = `${python.path}: Python ${python.version}, torch ${python.torch.version}`;
  return runsKernels(python)
    ? { state: 'found', detail }
    : { state: 'missing', detail: `${detail}, but not both jupyter_server and ipykernel` };
}

async function judgePodman(machine: Machine): Promise<Finding> {
  const [podman] = await machine.podmans();
  if (!podman) return { state: 'missing', detail: 'no podman on PATH' };
  const detail = `${podman.path}: ${podman.version}`;
  return process.platform === 'linux' && process.getuid?.() === 0
    ? { state: 'found', detail }
    : { state: 'missing', detail: `${detail}, but this is not root on Linux` };
}

async function judgeSshd(machine: Machine): Promise<Finding> {
  const [sshd] = await machine.sshds();
  return sshd
    ? { state: 'found', detail: `${sshd.path}: ${sshd.version}` }
    : { state: 'missing', detail: 'no sshd on PATH or in /usr/sbin' };
}
