/**
 * @file What ssh itself would do for a host: `ssh -G` evaluates ~/.ssh/config with its aliases, patterns, Match and
 * Include, and prints the settings without connecting. Where there is no ssh, the host is what was typed, and OpenSSH's
 * usual files are used.
 */
import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { capture } from '../../machine/programs.ts';
import { RemoteError } from '../transport.ts';

/** A host as somebody types it: a name or an alias, with what is said beside it. */
export interface TypedHost {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
}

export interface SshSettings {
  readonly host: string;
  readonly user: string;
  readonly port: number;
  /** Files that exist, in the order in which ssh tries them. */
  readonly keyFiles: readonly string[];
  /** The agent's socket. */
  readonly agent?: string;
  readonly knownHostsFiles: readonly string[];
  /** The name under which known_hosts has the host, where it is not its own. */
  readonly hostKeyAlias?: string;
  /** Hosts to go over, the first one first. */
  readonly jumps: readonly string[];
}

/**
 * What a command line may hold of a host or an account: nothing that ssh, or a command in its config, could take for
 * more.
 */
const plainWord = /^[A-Za-z0-9_:][\w.:%+@-]*$/;

export async function settingsOf({ host, user, port }: TypedHost): Promise<SshSettings> {
  for (const text of [host, user ?? 'user'])
    if (!plainWord.test(text))
      throw new RemoteError(
        'unreachable',
        `ssh: '${text}' is not the name of a host or an account; give an address like ssh://user@host:2222`,
      );
  const said = await capture('ssh', [
    '-G',
    ...configFile(),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
  ]);
  if (said.status === null) return fromPairs(new Map(), { host, user, port });
  if (said.status !== 0)
    throw new RemoteError(
      'unreachable',
      `ssh: ~/.ssh/config cannot be used: ${said.stderr.trim()}; mend it until \`ssh -G ${host}\` prints settings`,
    );
  return fromPairs(parse(said.stdout), { host, user, port });
}

/** ssh looks into the account's home, we into HOME as for everything else: where they are two, ssh is told. */
function configFile(): string[] {
  const file = join(homedir(), '.ssh/config');
  if (homedir() === userInfo().homedir) return [];
  return ['-F', existsSync(file) ? file : 'none'];
}

/** Lines of a word and its value; a word may stand in several. */
function parse(text: string): Map<string, string[]> {
  const pairs = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, word, value] = /^(\S+) (.*)$/.exec(line.trim()) ?? [];
    if (word !== undefined) pairs.set(word, [...(pairs.get(word) ?? []), value]);
  }
  return pairs;
}

function fromPairs(pairs: ReadonlyMap<string, readonly string[]>, typed: TypedHost): SshSettings {
  const one = (word: string): string | undefined => pairs.get(word)?.find((value) => value !== 'none');
  if (one('proxycommand'))
    throw new RemoteError(
      'unreachable',
      `ssh: ~/.ssh/config reaches ${typed.host} by a ProxyCommand, which wuDNN does not run; use ProxyJump, or add ?jump=user@host to the address`,
    );
  const host = one('hostname') ?? typed.host;
  const user = one('user') ?? typed.user ?? userInfo().username;
  const tokens: Readonly<Record<string, string>> = { '%': '%', d: homedir(), h: host, r: user, u: userInfo().username };
  const expand = (path: string): string =>
    ours(path.replace(/^~(?=\/)/, homedir()).replace(/%([%dhru])/g, (_, token: string) => tokens[token]));
  const usual = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => `~/.ssh/${name}`);
  const known = [
    ...(pairs.get('userknownhostsfile') ?? ['~/.ssh/known_hosts']),
    ...(pairs.get('globalknownhostsfile') ?? ['/etc/ssh/ssh_known_hosts']),
  ].flatMap((list) => list.split(' '));
  const agent = one('identitiesonly') === 'yes' ? undefined : agentOf(pairs.get('identityagent')?.[0], expand);
  const alias = one('hostkeyalias');
  return {
    host,
    user,
    port: Number(one('port') ?? typed.port ?? 22),
    keyFiles: (pairs.get('identityfile') ?? usual).map(expand).filter((file) => existsSync(file)),
    ...(agent && { agent }),
    knownHostsFiles: known.map(expand).filter((file) => existsSync(file)),
    ...(alias && { hostKeyAlias: alias }),
    jumps: one('proxyjump')?.split(',') ?? [],
  };
}

/** A path in the account's home, as ssh prints it, is one in ours. */
function ours(path: string): string {
  const theirs = `${userInfo().homedir}/`;
  return path.startsWith(theirs) ? join(homedir(), path.slice(theirs.length)) : path;
}

/** `IdentityAgent` is a socket, a variable that names one, `SSH_AUTH_SOCK` or `none`. */
function agentOf(named: string | undefined, expand: (path: string) => string): string | undefined {
  if (named === 'none') return undefined;
  if (named === undefined || named === 'SSH_AUTH_SOCK') return process.env['SSH_AUTH_SOCK'];
  return named.startsWith('$') ? process.env[named.slice(1).replace(/^\{(.*)\}$/, '$1')] : expand(named);
}
