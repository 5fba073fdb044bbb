/**
 * @file The real Jupyter server and PyTorch of this machine, for tests.
 */
import { startJupyter } from '../../src/bridge/jupyter-server.ts';
import type { JupyterProcess } from '../../src/bridge/jupyter-server.ts';
import type { Python } from '../../src/cli/pythons.ts';
import { findPythons, runsKernels } from '../../src/cli/pythons.ts';
import { jupyterTransport } from '../../src/remote/jupyter/transport.ts';
import { socketWithToken } from '../../src/remote/jupyter/node.ts';
import type { Transport } from '../../src/remote/transport.ts';

/** The python that tests run PyTorch with. */
export async function pythonWithTorch(): Promise<Python> {
  const found = (await findPythons()).find(runsKernels);
  if (!found) throw new Error('remote tests: no python with torch, jupyter_server and ipykernel; on Debian: apt-get install python3-torch jupyter-server python3-ipykernel');
  return found;
}

export async function testJupyter(args: readonly string[] = []): Promise<JupyterProcess> {
  return startJupyter((await pythonWithTorch()).path, args);
}

/** A transport to an address, as the bridge makes one. */
export function transportTo({ address, token }: { address: string; token: string }): Transport {
  return jupyterTransport('test', { address, token, WebSocket: socketWithToken(token) });
}
