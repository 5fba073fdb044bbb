/**
 * @file A real container for tests, made by Podman of this machine's own files: what is written in it stays in it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findPrograms } from '../../src/machine/programs.ts';

export interface TestContainer {
  readonly name: string;
  /** Ends its processes, and leaves it as one that does not run. */
  stop(): void;
  remove(): void;
}

/** `shared` is a folder of this machine that is the container's temporary folder too. */
export function startContainer(shared: string): TestContainer {
  const folder = mkdtempSync('/tmp/wudnn-podman-'); // Podman refuses a path of more than 50 characters
  const name = `wudnn-test-${process.pid}`;
  writeFileSync(join(folder, 'podman'), podmanHere(folder), { mode: 0o755 });
  const path = process.env['PATH'] ?? '';
  process.env['PATH'] = `${folder}${delimiter}${path}`; // where the transport finds the engine, too
  const podman = (...args: string[]): void =>
    void execFileSync('podman', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const host = ['--network=host', '--cgroupns=host', '--cgroups=disabled'];
  const limits = ['--ulimit=nofile=1024:1024', '--ulimit=nproc=4096:4096']; // those of a process may not be raised
  const shares = [`--volume=${shared}:${shared}`, `--env=TMPDIR=${shared}`, '--env=OMP_NUM_THREADS=1'];
  podman('run', '--detach', `--name=${name}`, ...host, ...limits, ...shares, '--rootfs', '/:O', 'sleep', 'infinity');
  return {
    name,
    stop: () => podman('stop', '--time=0', name),
    remove: () => {
      podman('rm', '--force', '--time=0', name);
      process.env['PATH'] = path;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Podman with a storage of its own. Where a kernel has both generations of cgroups, which crun refuses, it sees the
 * first alone.
 */
function podmanHere(folder: string): string {
  const [program] = findPrograms(/^podman$/);
  const storage = `--storage-driver=vfs --root='${folder}/root' --runroot='${folder}/run' --cgroup-manager=cgroupfs`;
  const both = '/sys/fs/cgroup/unified';
  if (!existsSync(both)) return `#!/bin/sh\nexec '${program}' ${storage} "$@"\n`;
  return `#!/bin/sh\nexec unshare --mount sh -c 'umount ${both} && exec "$@"' sh '${program}' ${storage} "$@"\n`;
}
