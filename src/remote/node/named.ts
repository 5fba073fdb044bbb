/**
 * @file A remote by the address that the visitor gives: `http://host:8888` is a Jupyter server, `ssh://user@host:2222` an account,
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

export interface Named {
  readonly address: string;
  /** A Jupyter server's token, unless the address has it as Jupyter prints it. */
  readonly token: string;
  /** Gives the passphrase of an encrypted ssh key. */
  readonly passphrase?: SshAddress['passphrase'];
}

export function transportTo(named: Named): Transport {
  return shelteredTransport(transportAt(named));
}

function transportAt(named: Named): Transport {
  const { address, token } = readAddress(named.address, named.token);
  const protocol = protocolOf(address);
  if (protocol === 'ssh:') {
    const { host, username } = new URL(address);
    const name = username === '' ? host : `${username}@${host}`;
    return {
      name,
      async run(job, options) {
        const { ssh, python } = await resolveSshAddress(address, named.passphrase);
        return sshTransport(name, ssh, python).run(job, options);
      },
    };
  }
  if (protocol === 'python:') return localTransport(pythonOf(address));
  return jupyterTransport(new URL(address).host, { address, token, WebSocket: socketWithToken(token) });
}

/** Examines the way to a remote; `origin` is the page that would connect directly. Rejects where the text is no address. */
export function examine(
  named: Named,
  onStage?: (result: StageResult) => void,
  origin?: string,
): Promise<StageResult[]> {
  return sheltered(() => examineAt(named, onStage, origin));
}

async function examineAt(
  named: Named,
  onStage?: (result: StageResult) => void,
  origin?: string,
): Promise<StageResult[]> {
  const { address, token } = readAddress(named.address, named.token);
  const protocol = protocolOf(address);
  if (protocol === 'ssh:') return examineAccount(address, named.passphrase, onStage);
  if (protocol === 'python:') return examineLocal(pythonOf(address), onStage);
  return examineJupyter(
    { address, token, WebSocket: socketWithToken(token), ...(origin !== undefined && { origin }) },
    onStage,
  );
}

/** What is wrong with the config or a key's file is a stage of its own, before the first that reaches out. */
async function examineAccount(
  address: string,
  passphrase: Named['passphrase'],
  onStage: (result: StageResult) => void = () => {},
): Promise<StageResult[]> {
  try {
    const { ssh, python } = await resolveSshAddress(address, passphrase);
    return await examineSsh(ssh, python, onStage);
  } catch (error) {
    const stage: StageResult = { name: 'address', state: 'failed', message: messageOf(error) };
    onStage(stage);
    return [stage];
  }
}

const pythonOf = (address: string): string => address.slice('python:'.length);
