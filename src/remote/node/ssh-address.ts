/**
 * @file An ssh address as the visitor gives it, with what ssh itself knows of the host: `ssh://gpu` may be an alias of
 * ~/.ssh/config.
 *
 * What stands in the address wins: a user, a port, `?key=~/.ssh/id_gpu` (then no other key and no agent is tried), and
 * `?jump=user@host:22`, hosts to go over, in their order.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { messageOf } from '../../base/errors.ts';
import type { SshAddress } from '../ssh/connection.ts';
import type { SshKey } from '../ssh/keys.ts';
import { RemoteError } from '../transport.ts';
import { settingsOf } from './ssh-config.ts';

/** Takes `ssh://user@host:2222/path/of/python?key=…&jump=user@host` apart and adds what `ssh` itself would know. */
export async function resolveSshAddress(
  address: string,
  passphrase?: SshAddress['passphrase'],
): Promise<{ ssh: SshAddress; python: string }> {
  const url = new URL(address);
  const jumps = url.searchParams.get('jump')?.split(',');
  return {
    ssh: await account(url, passphrase, jumps, 0),
    python: url.pathname.length > 1 ? decodeURIComponent(url.pathname) : 'python3',
  };
}

const maxJumps = 8;

async function account(
  url: URL,
  passphrase: SshAddress['passphrase'],
  given: readonly string[] | undefined,
  depth: number,
): Promise<SshAddress> {
  const { hostname, port, username, searchParams } = url;
  if (hostname === '')
    throw new RemoteError('unreachable', 'ssh: the address has no host; give one like ssh://user@host:2222');
  if (depth > maxJumps)
    throw new RemoteError(
      'unreachable',
      `ssh: there are more than ${maxJumps} jump hosts; does ~/.ssh/config contain a loop?`,
    );
  const settings = await settingsOf({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(username !== '' && { user: decodeURIComponent(username) }),
    ...(port !== '' && { port: Number(port) }),
  });
  const { host, user, keyFiles, agent, knownHostsFiles, hostKeyAlias } = settings;
  const named = searchParams.get('key');
  const jumps = given ?? settings.jumps;
  const last = jumps.at(-1);
  // Of several, the one before leads to the last; a single one goes as its own config says.
  const jump =
    last === undefined
      ? undefined
      : await account(hopOf(last), passphrase, jumps.length > 1 ? jumps.slice(0, -1) : undefined, depth + 1);
  return {
    host,
    port: settings.port,
    username: user,
    keys: named === null ? keyFiles.flatMap(readable) : [keyIn(named)],
    ...(agent && named === null && { agent }),
    knownHosts: knownHostsFiles.map((file) => readFileSync(file, 'utf8')).join('\n'),
    ...(hostKeyAlias && { hostKeyAlias }),
    ...(passphrase && { passphrase }),
    ...(jump && { jump }),
  };
}

function hopOf(text: string): URL {
  const address = text.startsWith('ssh://') ? text : `ssh://${text}`;
  return URL.canParse(address) ? new URL(address) : raiseNoHop(text);
}

function raiseNoHop(text: string): never {
  throw new RemoteError('unreachable', `ssh: '${text}' is not a jump host; give one like user@host:22`);
}

/** The key in a file that the address names. */
function keyIn(file: string): SshKey {
  try {
    return { file, text: readFileSync(file.replace(/^~(?=\/)/, homedir()), 'utf8') };
  } catch (cause) {
    throw new RemoteError(
      'authentication',
      `ssh: the key file ${file} cannot be read on this machine: ${messageOf(cause)}; check its path and permissions`,
      { cause },
    );
  }
}

/** A key that nobody named is passed over where it cannot be read, as ssh does. */
function readable(file: string): SshKey[] {
  try {
    return [{ file, text: readFileSync(file, 'utf8') }];
  } catch {
    return [];
  }
}
