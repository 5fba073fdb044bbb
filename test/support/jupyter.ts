/**
 * @file The real Jupyter server and PyTorch of this machine, for tests.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startJupyter } from '../../src/bridge/jupyter-server.ts';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import type { Python } from '../../src/machine/pythons.ts';
import { runsKernels } from '../../src/machine/pythons.ts';
import { jupyterTransport } from '../../src/remote/jupyter/transport.ts';
import { socketWithToken } from '../../src/remote/jupyter/node.ts';
import type { Transport } from '../../src/remote/transport.ts';

/** The python that tests run PyTorch with. */
export function pythonWithTorch(): Python {
  const found = inject('pythons').find(runsKernels);
  if (!found)
    throw new Error(
      'remote tests: no python with torch, jupyter_server and ipykernel; on Debian: apt-get install python3-torch jupyter-server python3-ipykernel',
    );
  return found;
}

/** The server looks for dead kernels five times a second; by itself, every three seconds. */
const watched = ['--KernelRestarter.time_to_dead=0.2'];

export async function testJupyter(
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<JupyterProcess> {
  return startJupyter(pythonWithTorch().path, [...watched, ...args], environment);
}

/** A server whose kernel begins with the given Python: what is wrong with other people's kernels. */
export async function testJupyterWith(prologue: string): Promise<JupyterProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-kernels-'));
  const { path } = pythonWithTorch();
  const start = `${prologue}\nfrom ipykernel.kernelapp import launch_new_instance\nlaunch_new_instance()`;
  mkdirSync(join(folder, 'kernels', 'python3'), { recursive: true });
  writeFileSync(
    join(folder, 'kernels', 'python3', 'kernel.json'),
    JSON.stringify({ argv: [path, '-c', start, '-f', '{connection_file}'], display_name: 'test', language: 'python' }),
  );
  const server = await testJupyter([], { JUPYTER_PATH: folder });
  return { ...server, stop: () => server.stop().finally(() => rmSync(folder, { recursive: true, force: true })) };
}

/** A transport to an address, as the bridge makes one. */
export function transportTo({ address, token }: { address: string; token: string }): Transport {
  return jupyterTransport('test', { address, token, WebSocket: socketWithToken(token) });
}
