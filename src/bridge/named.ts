/**
 * @file A remote by the address that the visitor gives: `http://host:8888` is a Jupyter server, `ssh://user@host:2222` an account,
 * `python:/usr/bin/python3` a python of this machine.
 *
 * For ssh the visitor's own agent, keys and known_hosts are used, as `ssh` itself would; a path names the python there, and
 * `?jump=user@host:22` a host to go over.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { examineJupyter } from '../remote/doctor/jupyter.ts';
import { examineSsh } from '../remote/doctor/ssh.ts';
import type { StageResult } from '../remote/doctor/stages.ts';
import { socketWithToken } from '../remote/jupyter/node.ts';
import { tokenInAddress } from '../remote/jupyter/server.ts';
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

export function transportTo({ address, token }: Named): Transport {
  const protocol = protocolOf(address);
  if (protocol === 'ssh:') {
    const { ssh, python } = parseSshAddress(address);
    return sshTransport(`${ssh.username}@${ssh.host}`, ssh, python);
  }
  if (protocol === 'python:') return localTransport(address.slice('python:'.length));
  const secret = token || (tokenInAddress(address) ?? '');
  return jupyterTransport(hostOf(address), { address, token: secret, WebSocket: socketWithToken(secret) });
}

/** Examines the way to a remote; `origin` is the page that would connect directly. */
export async function examine({ address, token }: Named, onStage?: (result: StageResult) => void, origin?: string): Promise<StageResult[]> {
  if (protocolOf(address) === 'ssh:') {
    const { ssh, python } = parseSshAddress(address);
    return examineSsh(ssh, python, onStage);
  }
  const secret = token || (tokenInAddress(address) ?? '');
  return examineJupyter({ address, token: secret, WebSocket: socketWithToken(secret), ...(origin !== undefined && { origin }) }, onStage);
}

export function parseSshAddress(address: string): { ssh: SshAddress; python: string } {
  const url = new URL(address);
  const jump = url.searchParams.get('jump');
  const ssh: SshAddress = { ...account(url), ...(jump && { jump: account(new URL(`ssh://${jump}`)) }) };
  return { ssh, python: url.pathname.length > 1 ? decodeURIComponent(url.pathname) : 'python3' };
}

function account({ hostname, port, username }: URL): SshAddress {
  if (hostname === '') throw new RemoteError('unreachable', 'ssh: the address names no host; give one like ssh://user@host:2222');
  const agent = process.env['SSH_AUTH_SOCK'];
  const key = agent ? undefined : ownKey();
  return {
    host: hostname,
    port: port === '' ? 22 : Number(port),
    username: username === '' ? userInfo().username : decodeURIComponent(username),
    knownHosts: [join(homedir(), '.ssh/known_hosts'), '/etc/ssh/ssh_known_hosts'].filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8')).join('\n'),
    ...(agent && { agent }),
    ...(key !== undefined && { privateKey: key }),
  };
}

/** The first of the keys that ssh tries by itself. */
function ownKey(): string | undefined {
  const path = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(homedir(), '.ssh', name)).find((file) => existsSync(file));
  return path && readFileSync(path, 'utf8');
}

function protocolOf(address: string): string {
  return /^[a-z]+:/.exec(address.trim())?.[0] ?? '';
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : 'a Jupyter server';
}
