/**
 * @file This machine, asked at most once for each thing, and only when somebody wants to know.
 */
import type { AdapterReport } from './adapters.ts';
import { listAdapters } from './adapters.ts';
import type { Browser } from './browsers.ts';
import { findBrowsers } from './browsers.ts';
import { capture, findPrograms } from './programs.ts';
import type { Python } from './pythons.ts';
import { findPythons } from './pythons.ts';

/** Each list has the preferred one first. */
export interface Machine {
  readonly adapters: () => Promise<readonly AdapterReport[]>;
  readonly browsers: () => Promise<readonly Browser[]>;
  readonly pythons: () => Promise<readonly Python[]>;
  readonly podmans: () => Promise<readonly Program[]>;
  readonly sshds: () => Promise<readonly Program[]>;
}

export interface Program {
  readonly path: string;
  /** `'OpenSSH_9.2p1'` */
  readonly version: string;
}

export function lookAround(): Machine {
  return {
    adapters: once(listAdapters),
    browsers: once(findBrowsers),
    pythons: once(findPythons),
    podmans: once(findPodmans),
    sshds: once(findSshds),
  };
}

function once<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => (found ??= find());
}

function findPodmans(): Promise<Program[]> {
  const ask = async (path: string) => ({
    path,
    version: /[\d.]+/.exec((await capture(path, ['--version'])).stdout)?.[0] ?? 'unknown version',
  });
  return Promise.all(findPrograms(/^podman$/).map(ask));
}

function findSshds(): Promise<Program[]> {
  // sshd before OpenSSH 9.3 complains of -V, and tells its version all the same.
  const ask = async (path: string) => ({
    path,
    version: /OpenSSH[^\s,]*/.exec((await capture(path, ['-V'])).stderr)?.[0] ?? 'unknown version',
  });
  return Promise.all(findPrograms(/^sshd$/, ['/usr/sbin', '/usr/local/sbin']).map(ask));
}
