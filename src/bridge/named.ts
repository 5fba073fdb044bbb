/**
 * @file A remote by the address that the visitor gives: `http://host:8888` is a Jupyter server, `ssh://user@host:2222` an account,
 * `python:/usr/bin/python3` a python of this machine.
 *
 * For ssh the visitor's own agent, keys and known_hosts are used, as `ssh` itself would; a path names the python there,
 * `?key=~/.ssh/id_gpu` a key file of this machine, and `?jump=user@host:22` a host to go over.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { protocolOf, readAddress } from '../remote/address.ts';
import { examineJupyter } from '../remote/doctor/jupyter.ts';
import { examineLocal } from '../remote/doctor/local.ts';
import { examineSsh } from '../remote/doctor/ssh.ts';
import type { StageResult } from '../remote/doctor/stages.ts';
import { socketWithToken } from '../remote/jupyter/node.ts';
import { jupyterTransport } from '../remote/jupyter/transport.ts';
import { localTransport } from '../remote/local.ts';
import type { SshAddress } from '../remote/ssh/connection.ts';
import { sshTransport } from '../remote/ssh/transport.ts';
import type { Transport } from '../remote/transport.ts';
import { RemoteError } from '../remote/transport.ts';

export interface Named {
  readonly address: string;
  /** A Jupyter server's token, unless the address has it as Jupyter prints it. */
  readonly token: string;
}

export function transportTo(named: Named): Transport {
  const { address, token } = readAddress(named.address, named.token);
  const protocol = protocolOf(address);
  if (protocol === 'ssh:') {
    const { ssh, python } = parseSshAddress(address);
    return sshTransport(`${ssh.username}@${ssh.host}`, ssh, python);
  }
  if (protocol === 'python:') return localTransport(pythonOf(address));
  return jupyterTransport(new URL(address).host, { address, token, WebSocket: socketWithToken(token) });
}

/** Examines the way to a remote; `origin` is the page that would connect directly. Rejects where the text is no address. */
export async function examine(named: Named, onStage?: (result: StageResult) => void, origin?: string): Promise<StageResult[]> {
  const { address, token } = readAddress(named.address, named.token);
  const protocol = protocolOf(address);
  if (protocol === 'ssh:') {
    const { ssh, python } = parseSshAddress(address);
    return examineSsh(ssh, python, onStage);
  }
  if (protocol === 'python:') return examineLocal(pythonOf(address), onStage);
  return examineJupyter({ address, token, WebSocket: socketWithToken(token), ...(origin !== undefined && { origin }) }, onStage);
}

/** Takes `ssh://user@host:2222/path/of/python?key=…&jump=user@host` apart and adds what `ssh` itself would know. */
export function parseSshAddress(address: string): { ssh: SshAddress; python: string } {
  const url = new URL(address);
  const jump = url.searchParams.get('jump');
  const ssh: SshAddress = { ...account(url), ...(jump && { jump: account(new URL(`ssh://${jump}`)) }) };
  return { ssh, python: url.pathname.length > 1 ? decodeURIComponent(url.pathname) : 'python3' };
}

const pythonOf = (address: string): string => address.slice('python:'.length);

function account({ hostname, port, username, searchParams }: URL): SshAddress {
  if (hostname === '') throw new RemoteError('unreachable', 'ssh: the address names no host; give one like ssh://user@host:2222');
  const named = searchParams.get('key');
  const agent = named ? undefined : process.env['SSH_AUTH_SOCK'];
  const key = named ? keyIn(named) : agent ? undefined : ownKey();
  return {
    host: hostname,
    port: port === '' ? 22 : Number(port),
    username: username === '' ? userInfo().username : decodeURIComponent(username),
    knownHosts: [join(homedir(), '.ssh/known_hosts'), '/etc/ssh/ssh_known_hosts'].filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8')).join('\n'),
    ...(agent && { agent }),
    ...(key !== undefined && { privateKey: key }),
  };
}

/** The key in a file that the address names. */
function keyIn(file: string): string {
  try {
    return readFileSync(file.replace(/^~(?=\/)/, homedir()), 'utf8');
  } catch (cause) {
    throw new RemoteError('authentication', `ssh: the key file ${file} cannot be read on this machine: ${messageOf(cause)}`, { cause });
  }
}

/** The first of the keys that ssh tries by itself. */
function ownKey(): string | undefined {
  const path = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(homedir(), '.ssh', name)).find((file) => existsSync(file));
  return path && readFileSync(path, 'utf8');
}
