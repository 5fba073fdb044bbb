/**
 * @file The container's Jupyter server with its page, as its entry point starts it, on this machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonWithTorch } from './jupyter.ts';
import { freePort } from './sshd.ts';

export interface Container {
  /** Of the Jupyter server, with a slash. */
  readonly address: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** Starts it with the page of a folder. */
export async function startContainer(page: string): Promise<Container> {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-container-'));
  const [port, token] = [await freePort(), 'a-token'];
  const child = spawn('container/entry-jupyter.sh', ['jupyter', 'server', '--allow-root'], {
    env: {
      ...process.env,
      JUPYTER_TOKEN: token,
      JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
      WUDNN_PYTHON: pythonWithTorch().path,
      WUDNN_IP: '127.0.0.1',
      WUDNN_PORT: String(port),
      WUDNN_WORKSPACE: folder,
      WUDNN_PAGE: page,
    },
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(child, 'exit');
  const address = `http://127.0.0.1:${port}/`;
  while (!(await fetch(`${address}api`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error('the container does not start');
    await sleep(50);
  }
  return {
    address,
    token,
    async stop() {
      process.kill(-child.pid!);
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
