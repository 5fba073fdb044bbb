/**
 * @file Folders in the system's temporary one: each has its process's number in its name, so that those of killed
 * processes are found and removed by the next one.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new folder, `/tmp/wudnn-jupyter-4711-x8Kq2a` for the name `'wudnn-jupyter'`; those of the same name whose process
 * is gone are removed.
 */
export async function temporaryFolder(name: string): Promise<string> {
  for (const entry of await readdir(tmpdir())) {
    const pid = new RegExp(`^${name}-(\\d+)-`).exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(tmpdir(), entry), { recursive: true, force: true }).catch(() => {}); // another user's
  }
  return mkdtemp(join(tmpdir(), `${name}-${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
