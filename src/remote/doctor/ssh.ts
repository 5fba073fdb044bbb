/**
 * @file The doctor's stages for ssh: from the address to a python that has told about its PyTorch. Node only.
 */
import type { SshAddress } from '../ssh/connection.ts';
import { SshConnection } from '../ssh/connection.ts';
import { RemoteError } from '../transport.ts';
import { askPython } from './python.ts';
import type { FactsContext, Stage, StageResult } from './stages.ts';
import { examineStages, StageFailure, torchStages } from './stages.ts';

interface Context extends FactsContext {
  readonly address: SshAddress;
  readonly python: string;
  /** One attempt serves the first three stages. */
  readonly connection: Promise<SshConnection>;
}

/** Kinds of failure of the one call that connects, by the stage that they belong to. */
const failedAt: Readonly<Record<string, string>> = {
  unreachable: 'reachable',
  'host key': 'host key',
  authentication: 'account',
  passphrase: 'account',
};

const stages: readonly Stage<Context>[] = [
  { name: 'reachable', examine: async (context) => connected(context, 'reachable', 'the server answers') },
  { name: 'host key', examine: async (context) => connected(context, 'host key', 'known') },
  {
    name: 'account',
    examine: async (context) => connected(context, 'account', `${context.address.username} can log in`),
  },
  {
    name: 'python',
    examine: async (context) =>
      askPython(context, await context.connection, context.python, `ssh ${context.address.host} which -a python3`),
  },
  ...torchStages,
];

/** Examines the way to a python by ssh; `onStage` hears each stage as it ends. */
export async function examineSsh(
  address: SshAddress,
  python = 'python3',
  onStage?: (result: StageResult) => void,
): Promise<StageResult[]> {
  const context: Context = { address, python, connection: SshConnection.open(address), facts: undefined };
  const results = await examineStages(stages, context, onStage);
  await context.connection.then(
    (connection) => connection.close(),
    () => {},
  ); // a failure has been told by its stage
  return results;
}

/** A failure to connect is told at its own stage; the stages before it have passed. */
async function connected(context: Context, stage: string, message: string): Promise<{ message: string }> {
  try {
    await context.connection;
    return { message };
  } catch (error) {
    const at = error instanceof RemoteError ? (failedAt[error.kind] ?? 'reachable') : 'reachable';
    if (at !== stage) return { message };
    throw new StageFailure((error as Error).message, remedyOf(error as RemoteError, stage, context.address));
  }
}

function remedyOf(
  { kind, message }: RemoteError,
  stage: string,
  { host, port = 22, username }: SshAddress,
): string | undefined {
  if (kind === 'passphrase') return /ssh-add .*$/.exec(message)?.[0];
  if (stage === 'account') return `ssh-copy-id -p ${port} ${username}@${host}`;
  return /: (ssh-key\S+ .*)$/.exec(message)?.[1]; // what the message itself says of the host's key
}
