/**
 * @file What the whole project needs beside its npm packages: how to find it, and what to install where it is missing.
 *
 * `doctor` reports it, `npm test` installs it on Debian, and tests that need a missing piece skip and say so.
 */
import { existsSync, readFileSync } from 'node:fs';
import { listAdapters } from './adapters.ts';
import { findBrowsers } from './browsers.ts';
import { capture, findPrograms } from './programs.ts';
import { findPythons, runsKernels } from './pythons.ts';

export type PrerequisiteName = 'adapter' | 'browser' | 'python' | 'sshd';

export interface Prerequisite {
  readonly what: string;
  readonly find: () => Promise<Finding>;
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
    find: findAdapter,
    debian: ['mesa-vulkan-drivers', 'libvulkan1'],
    backports: ['bookworm'],
    elsewhere: 'Install the driver of your GPU; without a GPU, Mesa 25 or newer with its software Vulkan driver lavapipe (on Fedora mesa-vulkan-drivers, on Arch vulkan-swrast).',
  },
  browser: {
    what: 'a Chromium browser',
    find: findBrowser,
    debian: ['chromium'],
    elsewhere: 'Install Chromium, Google Chrome or Microsoft Edge.',
  },
  python: {
    what: 'a Python with PyTorch, Jupyter server and kernel',
    find: findPython,
    debian: ['python3-torch', 'jupyter-server', 'python3-ipykernel'],
    elsewhere: 'Make a virtual environment and put it on PATH: python3 -m venv .venv && .venv/bin/pip install torch jupyter_server ipykernel.',
  },
  sshd: {
    what: 'an OpenSSH server',
    find: findSshd,
    debian: ['openssh-server'],
    elsewhere: 'Install OpenSSH with its server, sshd.',
  },
};

export const prerequisiteNames = Object.keys(prerequisites) as PrerequisiteName[];

/** The findings of several, sought at the same time. */
export async function findAll<Name extends PrerequisiteName>(names: readonly Name[]): Promise<Record<Name, Finding>> {
  const entries = await Promise.all(names.map(async (name) => [name, await prerequisites[name].find()] as const));
  return Object.fromEntries(entries) as Record<Name, Finding>;
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

/** The arguments of the `apt-get` that installs it. */
export function aptInstall(prerequisite: Prerequisite, release: string): string[] {
  const suite = backportsOf(prerequisite, release) ? ['-t', `${release}-backports`] : [];
  return ['install', ...suite, ...prerequisite.debian];
}

/** What mends a missing one: a command on Debian, a sentence elsewhere. */
export function remedy(prerequisite: Prerequisite, release: string | undefined): string {
  return release ? `apt-get ${aptInstall(prerequisite, release).join(' ')}` : prerequisite.elsewhere;
}

async function findAdapter(): Promise<Finding> {
  const [best] = await listAdapters();
  if (!best) return { state: 'missing', detail: 'no driver that Dawn accepts (Mesa before 25 is refused)' };
  const detail = `${best.name}: ${best.description}`;
  return best.name === 'swiftshader' ? { state: 'poor', detail: `${detail}; no float16, and slower than lavapipe` } : { state: 'found', detail };
}

async function findBrowser(): Promise<Finding> {
  const [browser] = await findBrowsers();
  return browser ? { state: 'found', detail: `${browser.path}: ${browser.version}` } : { state: 'missing', detail: 'none on PATH' };
}

async function findPython(): Promise<Finding> {
  const [python] = await findPythons();
  if (!python) return { state: 'missing', detail: 'no python on PATH can import torch' };
  const detail = `${python.path}: Python ${python.version}, torch ${python.torch.version}`;
  return runsKernels(python) ? { state: 'found', detail } : { state: 'missing', detail: `${detail}, but not both jupyter_server and ipykernel` };
}

async function findSshd(): Promise<Finding> {
  const [sshd] = findPrograms(/^sshd$/, ['/usr/sbin', '/usr/local/sbin']);
  if (!sshd) return { state: 'missing', detail: 'no sshd on PATH or in /usr/sbin' };
  const { stderr } = await capture(sshd, ['-V']); // an older one complains of -V, and tells its version all the same
  return { state: 'found', detail: `${sshd}: ${/OpenSSH[^\s,]*/.exec(stderr)?.[0] ?? 'unknown version'}` };
}
