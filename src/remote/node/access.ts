/**
 * @file A remote by the address that the visitor gives: `http://host:8888` is a Jupyter server, `ssh://user@host:2222`
 * an account,
 * `python:/usr/bin/python3` a python of this machine.
 *
 * For ssh the visitor's own config, agent, keys and known_hosts are used, as `ssh` itself would (ssh-address.ts).
 */
import { messageOf } from '../../base/errors.ts';
import { protocolOf, readAddress } from '../address.ts';
import { examineJupyter } from '../doctor/jupyter.ts';
import { examineLocal } from '../doctor/local.ts';
import { examineSsh } from '../doctor/ssh.ts';
import type { StageResult } from '../doctor/stages.ts';
import { socketWithToken } from '../jupyter/node.ts';
import { jupyterTransport } from '../jupyter/transport.ts';
import { localTransport } from '../local.ts';
import type { SshAddress } from '../ssh/connection.ts';
import { sshTransport } from '../ssh/transport.ts';
import type { Transport } from '../transport.ts';
import { sheltered, shelteredTransport } from './shelter.ts';
import { resolveSshAddress } from './ssh-address.ts';

export interface RemoteAccess {
  readonly address: string;
  /** A Jupyter server's token, unless the address has it as Jupyter prints it. */
  readonly token: string;
  /** Gives the passphrase of an encrypted ssh key. */
  readonly passphrase?: SshAddress['passphrase'];
}

/** A kind of address: how a job gets there, and how the way is examined. */
interface Way {
  transport(named: RemoteAccess): Transport;
  /** `origin` is the page that would connect directly. */
  examine(named: RemoteAccess, onStage?: OnStage, origin?: string): Promise<StageResult[]>;
}

type OnStage = (result: StageResult) => void;

const account: Way = {
  transport({ address, passphrase }) {
    const { host, username } = new URL(address);
    const name = username === '' ? host : `${username}@${host}`;
    return {
      name,
      async run(job, options) {
        const { ssh, python } = await resolveSshAddress(address, passphrase);
        return sshTransport(name, ssh, python).run(job, options);
      },
    };
  },
  /** What is wrong with the config or a key's file is a stage of its own, before the first that reaches out. */
  async examine({ address, passphrase }, onStage = () => {}) {
    try {
      const { ssh, python } = await resolveSshAddress(address, passphrase);
      return await examineSsh(ssh, python, onStage);
    } catch (error) {
      const stage: StageResult = { name: 'address', state: 'failed', message: messageOf(error) };
      onStage(stage);
      return [stage];
    }
  },
};

const pythonOf = ({ address }: RemoteAccess): string => address.slice('python:'.length);

const pythonHere: Way = {
  transport: (named) => localTransport(pythonOf(named)),
  examine: (named, onStage) => examineLocal(pythonOf(named), onStage),
};

const jupyterServer: Way = {
  transport: ({ address, token }) =>
    jupyterTransport(new URL(address).host, { address, token, WebSocket: socketWithToken(token) }),
  examine: ({ address, token }, onStage, origin) =>
    examineJupyter(
      { address, token, WebSocket: socketWithToken(token), ...(origin !== undefined && { origin }) },
      onStage,
    ),
};

/** By protocol; any other address is a Jupyter server's. */
const ways: Readonly<Record<string, Way>> = { 'ssh:': account, 'python:': pythonHere };
const wayTo = ({ address }: RemoteAccess): Way => ways[protocolOf(address)] ?? jupyterServer;

/** Without the token that the visitor may have copied with the address. */
const read = (named: RemoteAccess): RemoteAccess => ({ ...named, ...readAddress(named.address, named.token) });

export function transportTo(named: RemoteAccess): Transport {
  const at = read(named);
  return shelteredTransport(wayTo(at).transport(at));
}

/**
 * Examines the way to a remote; `origin` is the page that would connect directly. Rejects where the text is no address.
 */
export const examine = (named: RemoteAccess, onStage?: OnStage, origin?: string): Promise<StageResult[]> =>
  sheltered(async () => {
    const at = read(named);
    return wayTo(at).examine(at, onStage, origin);
  });
