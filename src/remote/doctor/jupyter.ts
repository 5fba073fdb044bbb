/**
 * @file The doctor's stages for a Jupyter server: from its address to a kernel that has told about its PyTorch.
 */
import type { ServerConnection } from '@jupyterlab/services';
import type { JupyterAddress } from '../jupyter/server.ts';
import { connectionSettings, parseAddress, probeKernel, probeVersion } from '../jupyter/server.ts';
import { KernelSession } from '../jupyter/session.ts';
import { pythonSource } from '../python.ts';
import { RemoteError } from '../transport.ts';
import { parseFacts } from './facts.ts';
import type { FactsContext, Finding, Stage, StageResult } from './stages.ts';
import { examineStages, StageFailure, torchStages } from './stages.ts';

export interface JupyterPatient extends JupyterAddress {
  /** The origin of the page that would connect directly; without one, CORS does not matter. */
  readonly origin?: string;
}

interface Context extends FactsContext {
  readonly patient: JupyterPatient;
  settings: ServerConnection.ISettings | undefined;
  kernel: string | undefined;
}

const stages: readonly Stage<Context>[] = [
  {
    name: 'address',
    examine: async (context) => {
      const address = parseAddress(context.patient.address);
      context.settings = connectionSettings(context.patient);
      return { message: address };
    },
    remedy: 'give an address like http://127.0.0.1:8888',
  },
  {
    name: 'reachable',
    examine: async (context) => {
      try {
        return { message: `Jupyter server ${await probeVersion(settingsOf(context))}` };
      } catch (error) {
        throw new StageFailure((error as Error).message, reachRemedy(error, context));
      }
    },
  },
  { name: 'encryption', examine: async (context) => encryption(settingsOf(context).baseUrl) },
  { name: 'this page', examine: async (context) => cors(settingsOf(context), context.patient.origin) },
  {
    name: 'token',
    examine: async (context) => {
      context.kernel = await probeKernel(settingsOf(context));
      return { message: context.patient.token === '' ? 'the server wants none' : 'accepted' };
    },
    remedy: 'jupyter server list',
  },
  {
    name: 'kernel',
    examine: async (context) => {
      const session = await KernelSession.start(settingsOf(context), context.kernel!);
      try {
        let output = '';
        const { exception } = await session.execute(pythonSource('doctor.py'), (text) => (output = (output + text).slice(-100_000)));
        if (exception) throw new StageFailure(`the kernel raised ${exception.name}: ${exception.value.slice(0, 300)}`);
        context.facts = parseFacts(output);
        return { message: `${context.kernel} starts: python ${context.facts.python}` };
      } finally {
        await session.close();
      }
    },
    remedy: 'python3 -m pip install ipykernel',
  },
  ...torchStages,
];

/** Examines the way to a Jupyter server; `onStage` hears each stage as it ends. */
export function examineJupyter(patient: JupyterPatient, onStage?: (result: StageResult) => void): Promise<StageResult[]> {
  return examineStages(stages, { patient, settings: undefined, kernel: undefined, facts: undefined }, onStage);
}

function settingsOf({ settings }: Context): ServerConnection.ISettings {
  return settings ?? raise('there is no address yet');
}

function raise(message: string): never {
  throw new StageFailure(message);
}

function reachRemedy(error: unknown, { patient }: Context): string | undefined {
  if (!(error instanceof RemoteError)) return undefined;
  if (/certificate/.test(error.message)) return `ssh -L 8888:localhost:8888 ${new URL(patient.address).hostname}`;
  if (error.kind === 'unreachable') return 'jupyter server --no-browser --port 8888';
  return undefined;
}

function encryption(baseUrl: string): Finding {
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol === 'https:') return { message: 'https, with a certificate that is trusted' };
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return { message: 'none, and none needed on this machine' };
  return { state: 'warning', message: `none: the token goes to ${hostname} in clear`, remedy: `ssh -L 8888:localhost:8888 ${hostname}` };
}

/** Whether the server lets a page of that origin read its answers. */
async function cors({ baseUrl }: ServerConnection.ISettings, origin: string | undefined): Promise<Finding> {
  if (origin === undefined || origin === new URL(baseUrl).origin) return { message: 'the connection does not come from another page' };
  const response = await fetch(`${baseUrl}api`, { headers: { Origin: origin }, redirect: 'manual' });
  const allowed = response.headers.get('access-control-allow-origin');
  if (allowed === origin || allowed === '*') return { message: `${origin} is allowed` };
  throw new StageFailure(`the server does not allow the page ${origin}${allowed ? `, only ${allowed.slice(0, 200)}` : ''}`, `jupyter server --ServerApp.allow_origin=${origin}`);
}
