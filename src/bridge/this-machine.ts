/**
 * @file "This machine" as a remote: a Jupyter server with PyTorch, started when it is first wanted and stopped with the
 * bridge. Its token is random and stays in memory.
 */
import type { Machine } from '../machine/machine.ts';
import { debianRelease, prerequisites, remedy } from '../machine/prerequisites.ts';
import type { Python } from '../machine/pythons.ts';
import { runsKernels } from '../machine/pythons.ts';
import type { NamedAddress } from '../remote/address.ts';
import { RemoteError } from '../remote/transport.ts';
import type { JupyterProcess } from './jupyter-server.ts';
import { startJupyter } from './jupyter-server.ts';
import type { OfferedRemote } from './protocol.ts';

const thisMachine = 'this machine';

export class ThisMachine {
  static readonly id = 'this-machine';
  private readonly machine: Machine;
  private server: Promise<JupyterProcess> | undefined;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** The offer; `undefined` where no python here can run a kernel with PyTorch. */
  async offer(): Promise<OfferedRemote | undefined> {
    const python = await this.python();
    return python && { kind: 'offered', id: ThisMachine.id, name: thisMachine, detail: describe(python) };
  }

  /** What to install so that there is an offer. */
  async missing(): Promise<string[]> {
    if (await this.python()) return [];
    const { detail } = await prerequisites.python.judge(this.machine);
    return [
      detail,
      remedy(prerequisites.python, debianRelease()),
      'or set WUDNN_PYTHON to a Python that has torch, jupyter_server and ipykernel',
    ];
  }

  /** Where the server listens; it starts when it is first wanted. */
  async address(): Promise<NamedAddress> {
    this.server ??= this.start();
    try {
      const { address, token } = await this.server;
      return { address, token };
    } catch (cause) {
      this.server = undefined; // the next time tries again
      throw cause;
    }
  }

  async close(): Promise<void> {
    const server = await this.server?.catch(() => undefined);
    this.server = undefined;
    await server?.stop();
  }

  private async start(): Promise<JupyterProcess> {
    const python = await this.python();
    if (!python) throw new RemoteError('no torch', `this machine: ${(await this.missing()).join('; ')}`);
    const server = await startJupyter(python.path);
    void server.ended.then(() => (this.server = undefined)); // it may have been killed; the next run starts another
    return server;
  }

  private async python(): Promise<Python | undefined> {
    return (await this.machine.pythons()).find(runsKernels);
  }
}

function describe({ version, torch }: Python): string {
  return [
    `python ${version}`,
    `torch ${torch.version}`,
    torch.devices.length > 0 ? torch.devices.join(', ') : 'cpu',
  ].join(', ');
}
