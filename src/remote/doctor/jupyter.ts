/**
 * @file The doctor's stages for a Jupyter server: from its address to a kernel that has told about its PyTorch.
 */
import type { ServerConnection } from '@jupyterlab/services';
import { isLoopback, readAddress } from '../address.ts';
import type { JupyterAddress } from '../jupyter/server.ts';
import { connectionSettings, probeKernel, probeVersion } from '../jupyter/server.ts';
import { KernelSession } from '../jupyter/session.ts';
import { pythonSource } from '../python.ts';
import { RemoteError } from '../transport.ts';
import { parseFacts } from './facts.ts';
import type { FactsContext, Finding, Stage, StageResult } from './stages.ts';
import { examineStages, StageFailure, torchStages } from './stages.ts';

export interface JupyterPatient extends JupyterAddress {
  /** The origin of the page that would connect directly; without one, CORS does not matter. */
  readonly origin?: string;
  /** The examination runs in that page itself, which a browser never tells why a request failed. */
  readonly inPage?: boolean;
}

interface Context extends FactsContext {
  readonly patient: JupyterPatient;
  settings: ServerConnection.ISettings | undefined;
  /** Something answers there, but the browser does not show this page what. */
  unseen: boolean;
  kernel: string | undefined;
}

const stages: readonly Stage<Context>[] = [
  {
    name: 'address',
    examine: async (context) => {
      const named = readAddress(context.patient.address, context.patient.token);
      context.settings = connectionSettings({ ...context.patient, ...named });
      return { message: named.address };
    },
    remedy: 'give an address like http://127.0.0.1:8888',
  },
  {
    name: 'reachable',
    examine: async (context) => {
      refuseMixedContent(settingsOf(context), context.patient);
      try {
        return { message: `Jupyter server ${await probeVersion(settingsOf(context))}` };
      } catch (error) {
        if (!context.patient.inPage) throw new StageFailure((error as Error).message, reachRemedy(error, context));
        if (!(error instanceof RemoteError && error.kind === 'unreachable')) throw error;
        context.unseen = await answersUnseen(settingsOf(context));
        if (context.unseen) return { message: 'something answers there' };
        throw new StageFailure(
          'nothing answers, or its certificate is not trusted; the browser does not say which',
          reachRemedy(error, context),
        );
      }
    },
  },
  { name: 'encryption', examine: async (context) => encryption(settingsOf(context).baseUrl) },
  { name: 'this page', examine: async (context) => cors(context) },
  {
    name: 'token',
    examine: async (context) => {
      context.kernel = await probeKernel(settingsOf(context));
      return { message: settingsOf(context).token === '' ? 'the server needs none' : 'accepted' };
    },
    remedy: 'jupyter server list',
  },
  {
    name: 'kernel',
    examine: async (context) => {
      const session = await KernelSession.start(settingsOf(context), context.kernel!);
      try {
        let output = '';
        const { exception } = await session.execute(
          pythonSource('doctor.py'),
          (text) => (output = (output + text).slice(-100_000)),
        );
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
export function examineJupyter(
  patient: JupyterPatient,
  onStage?: (result: StageResult) => void,
): Promise<StageResult[]> {
  return examineStages(
    stages,
    { patient, settings: undefined, unseen: false, kernel: undefined, facts: undefined },
    onStage,
  );
}

function settingsOf({ settings }: Context): ServerConnection.ISettings {
  return settings ?? raise('there is no address yet');
}

function raise(message: string): never {
  throw new StageFailure(message);
}

function reachRemedy(error: unknown, context: Context): string | undefined {
  if (!(error instanceof RemoteError)) return undefined;
  const { hostname, port } = new URL(settingsOf(context).baseUrl);
  if (/certificate/.test(error.message)) return `ssh -L 8888:localhost:8888 ${hostname}`;
  // A port below 1024 is no server's of Jupyter's: the address is mistyped.
  if (error.kind === 'unreachable')
    return Number(port) < 1024 ? 'jupyter server list' : `jupyter server --no-browser --port ${port}`;
  return undefined;
}

function encryption(baseUrl: string): Finding {
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol === 'https:') return { message: 'https, with a trusted certificate' };
  if (isLoopback(hostname)) return { message: 'none, and none needed on this machine' };
  return {
    state: 'warning',
    message: `none: the token is sent to ${hostname} unencrypted`,
    remedy: `ssh -L 8888:localhost:8888 ${hostname}`,
  };
}

/** Whether the server lets a page of that origin read its answers. */
async function cors(context: Context): Promise<Finding> {
  const { origin, inPage } = context.patient;
  const { baseUrl } = settingsOf(context);
  if (origin === undefined || origin === new URL(baseUrl).origin)
    return { message: 'no page connects from elsewhere, so none needs to be allowed' };
  if (inPage) return context.unseen ? notAllowed(origin) : { message: `${origin} is allowed` };
  const response = await fetch(`${baseUrl}api`, { headers: { Origin: origin }, redirect: 'manual' });
  const allowed = response.headers.get('access-control-allow-origin');
  if (allowed === origin || allowed === '*') return { message: `${origin} is allowed` };
  return notAllowed(origin, allowed ? `, only ${allowed.slice(0, 200)}` : '');
}

function notAllowed(origin: string, who = ''): never {
  throw new StageFailure(
    `the server does not allow the page ${origin}${who}`,
    `jupyter server --ServerApp.allow_origin=${origin}`,
  );
}

/** Whether anything answers, even if the page may not read it: such a request carries no token and shows no answer. */
async function answersUnseen({ baseUrl }: ServerConnection.ISettings): Promise<boolean> {
  return fetch(`${baseUrl}api`, { mode: 'no-cors', credentials: 'omit', cache: 'no-store' }).then(
    () => true,
    () => false,
  );
}

/** A browser does not let an https page call plain http on another machine. */
function refuseMixedContent({ baseUrl }: ServerConnection.ISettings, { origin, inPage }: JupyterPatient): void {
  const { protocol, hostname } = new URL(baseUrl);
  if (!inPage || protocol === 'https:' || !origin?.startsWith('https:') || isLoopback(hostname)) return;
  throw new StageFailure(
    'an https page cannot use plain http on another machine',
    `ssh -L 8888:localhost:8888 ${hostname}`,
  );
}
