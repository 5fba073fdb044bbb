/**
 * @file One ssh connection: the host's key is verified against known_hosts before anything secret is sent, and the way
 * may lead over another host. Node only.
 */
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { AnyAuthMethod, ClientChannel, ConnectConfig, ParsedKey, ServerHostKeyAlgorithm } from 'ssh2';
import { Client } from 'ssh2';
import { messageOf } from '../../base/errors.ts';
import { watchCommand } from '../command.ts';
import { connectionFailure } from '../network-error.ts';
import type { CommandOptions, CommandResult, Shell } from '../shell.ts';
import { RemoteError } from '../transport.ts';
import type { SortedKeys, SshKey } from './keys.ts';
import { sortKeys, unlock } from './keys.ts';
import { fingerprint, KnownHosts, keyType } from './known-hosts.ts';

export interface SshAddress {
  readonly host: string;
  readonly port?: number;
  readonly username: string;
  /** Private keys, tried in turn after those of the agent. */
  readonly keys?: readonly SshKey[];
  /**
   * Asked, up to three times, where only an encrypted key is left to try; `undefined` gives up. What it gives is kept
   * nowhere.
   */
  readonly passphrase?: (file: string, attempt: number) => Promise<string | undefined>;
  /** The socket of a running agent. */
  readonly agent?: string;
  /** The text of the known_hosts files. */
  readonly knownHosts: string;
  /** The name under which they have the host, where it is not its own. */
  readonly hostKeyAlias?: string;
  /** A host to go over. */
  readonly jump?: SshAddress;
}

const connectMs = 15_000;
const keepaliveMs = 15_000;
/** How long a host may take to hang up. */
const goodbyeMs = 2000;
/** Written at once before the channel is waited for. */
const writeBytes = 256 * 1024;

export class SshConnection implements Shell {
  private readonly client: Client;
  private readonly jump: SshConnection | undefined;
  private readonly lost: Promise<never>;

  private constructor(client: Client, jump: SshConnection | undefined, host: string) {
    this.client = client;
    this.jump = jump;
    this.lost = new Promise((_, reject) => {
      client.on('close', () => reject(new RemoteError('connection lost', `ssh: the connection to ${host} was lost`)));
    });
    this.lost.catch(() => {}); // whoever waits takes part in a race with it; nobody may be waiting
  }

  static async open(address: SshAddress): Promise<SshConnection> {
    const { host, port = 22, jump } = address;
    const over = jump && (await SshConnection.open(jump));
    try {
      const client = await signIn(address, async (keys) =>
        connect(address, keys, over && (await over.forward(host, port))),
      );
      return new SshConnection(client, over, host);
    } catch (error) {
      over?.close();
      throw error;
    }
  }

  async run(command: string, options: CommandOptions = {}): Promise<CommandResult> {
    return Promise.race([this.exec(command, options), this.lost]);
  }

  /** Says goodbye, and hangs up on a host that goes on talking. */
  close(): void {
    const client = this.client;
    client.end();
    setTimeout(() => client.destroy(), goodbyeMs).unref();
    this.jump?.close();
  }

  private exec(command: string, options: CommandOptions): Promise<CommandResult> {
    let end = (): void => {};
    const watched = watchCommand(options, () => end());
    const run = (error: Error | undefined, channel: ClientChannel): void => {
      if (error)
        return watched.fail(
          new RemoteError('connection lost', `ssh: the server refused to run a command: ${error.message}`, {
            cause: error,
          }),
        );
      end = () => channel.destroy();
      channel.on('data', watched.stdout);
      channel.stderr.on('data', watched.stderr);
      channel.on('error', watched.fail);
      let status = 255;
      channel.on('exit', (code: number | null, signal?: string) => {
        status = code ?? 128 + (constants.signals[`SIG${signal?.replace(/^SIG/, '')}` as NodeJS.Signals] ?? 0);
      });
      channel.on('close', () => watched.close(status));
      send(channel, options.stdin ?? new Uint8Array(0), (bytes) => {
        watched.alive();
        options.onSent?.(bytes);
      }).catch(watched.fail);
    };
    try {
      this.client.exec(command, run);
    } catch (cause) {
      watched.fail(new RemoteError('connection lost', `ssh: the connection is gone: ${messageOf(cause)}`, { cause }));
    }
    return watched.result;
  }

  private forward(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      this.client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error)
          reject(
            new RemoteError(
              'unreachable',
              `ssh: the jump host cannot reach ${host}:${port}: ${error.message}; check the host and the port, and whether it may be reached from there`,
              { cause: error },
            ),
          );
        else resolve(channel);
      });
    });
  }
}

async function send(channel: ClientChannel, bytes: Uint8Array, onSent: (bytes: number) => void): Promise<void> {
  const closed = once(channel, 'close');
  closed.catch(() => {}); // nobody may be waiting for it when the channel breaks
  for (let at = 0; at < bytes.length; at += writeBytes) {
    const more = channel.write(bytes.subarray(at, at + writeBytes));
    if (!more) await Promise.race([once(channel, 'drain'), closed]);
    onSent(Math.min(bytes.length, at + writeBytes));
  }
  channel.end();
}

const passphraseAttempts = 3;

/** Connects with the keys that are open, and only where those do not suffice with those that a passphrase opens. */
async function signIn(
  address: SshAddress,
  connectWith: (keys: readonly ParsedKey[]) => Promise<Client>,
): Promise<Client> {
  const { keys = [], agent, passphrase } = address;
  const { open, locked, useless } = sortKeys(keys);
  try {
    return await connectWith(open);
  } catch (error) {
    if (!(error instanceof RemoteError) || error.kind !== 'authentication') throw error;
    if (locked.length === 0) throw open.length > 0 || agent ? error : nothingToTry(address, useless);
    const [{ file }] = locked;
    for (let attempt = 1; attempt <= passphraseAttempts; attempt++) {
      const given = await passphrase?.(file, attempt);
      if (given === undefined) throw lockedError(file, attempt > 1);
      const opened = unlock(locked, given);
      if (opened.length > 0) return connectWith(opened);
    }
    throw lockedError(file, true);
  }
}

function lockedError(file: string, given: boolean): RemoteError {
  const what = given ? 'the passphrase does not open the key' : 'a passphrase is needed for the key';
  return new RemoteError(
    'passphrase',
    `ssh: ${what} ${file}; give its passphrase, or put it into an agent: ssh-add ${file}`,
  );
}

function nothingToTry({ host, username }: SshAddress, useless: SortedKeys['useless']): RemoteError {
  if (useless.length > 0)
    return new RemoteError(
      'authentication',
      `ssh: the private key ${useless[0].key.file} cannot be used: ${useless[0].reason}`,
    );
  return new RemoteError(
    'authentication',
    `ssh: there is no agent and no key for ${username} at ${host}; create a key with ssh-keygen`,
  );
}

function connect(address: SshAddress, keys: readonly ParsedKey[], sock: Duplex | undefined): Promise<Client> {
  const { host, port = 22, username, agent } = address;
  const known = new KnownHosts(address.knownHosts);
  let refused: RemoteError | undefined;
  // An alias stands in known_hosts without a port.
  const [name, place] = address.hostKeyAlias === undefined ? [host, port] : [address.hostKeyAlias, 22];
  const types = known.typesOf(name, place);
  const attempts: AnyAuthMethod[] = keys.map((key) => ({ type: 'publickey', username, key }));
  if (agent !== undefined) attempts.unshift({ type: 'agent', username, agent });
  const config: ConnectConfig = {
    host,
    port,
    username,
    readyTimeout: connectMs,
    keepaliveInterval: keepaliveMs,
    authHandler: attempts,
    ...(sock && { sock: sock as NonNullable<ConnectConfig['sock']> }),
    ...(types.length > 0 && { algorithms: { serverHostKey: types.flatMap(signaturesOf) } }),
    hostVerifier: (key: Buffer) => {
      const verdict = known.judge(name, place, key);
      if (verdict !== 'known') refused = hostKeyError(verdict, name, place, key);
      return verdict === 'known';
    },
  };
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.once('ready', () => resolve(client));
    client.on('error', (error: Error & { level?: string }) => {
      // After an agent that fails come the keys.
      if (error.level !== 'agent') reject(refused ?? connectError(error, host, port, username));
    });
    client.connect(config);
  });
}

/** An RSA key signs with SHA-2; the old SHA-1 signature has the key's own name and is not asked for. */
function signaturesOf(type: string): ServerHostKeyAlgorithm[] {
  return (type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type]) as ServerHostKeyAlgorithm[];
}

function hostKeyError(
  verdict: 'unknown' | 'changed' | 'revoked',
  host: string,
  port: number,
  key: Buffer,
): RemoteError {
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  const place = port === 22 ? host : `[${host}]:${port}`;
  const messages: Record<typeof verdict, string> = {
    unknown: `ssh: the key of ${place} is not known (${shown}); if that is its fingerprint, add it: ssh-keyscan -p ${port} ${host} >> ~/.ssh/known_hosts`,
    changed: `ssh: ${place} shows a different key from the one in known_hosts (${shown}); someone may be intercepting the connection. If the host was reinstalled: ssh-keygen -R '${place}'`,
    revoked: `ssh: the key of ${place} is revoked in known_hosts (${shown})`,
  };
  return new RemoteError('host key', messages[verdict]);
}

function connectError(
  error: Error & { code?: string; level?: string },
  host: string,
  port: number,
  username: string,
): RemoteError {
  const make = (kind: 'unreachable' | 'authentication', text: string): RemoteError =>
    new RemoteError(kind, `ssh: ${text}`, { cause: error });
  if (error.level === 'client-authentication')
    return make(
      'authentication',
      `${host} does not accept ${username} with these keys; is one of them in that host's authorized_keys?`,
    );
  if (error.level === 'client-timeout')
    return make(
      'unreachable',
      `${host}:${port} does not answer within ${connectMs / 1000} s; check the address, or whether a firewall is in the way`,
    );
  if (error.code === 'ECONNREFUSED')
    return make(
      'unreachable',
      `nothing listens on ${host}:${port}; is the container's port 22 published, as in -p 2222:22?`,
    );
  if (error.level === 'protocol' || /Handshake failed|protocol/i.test(error.message))
    return make('unreachable', `${host}:${port} does not speak ssh as expected: ${error.message}; check the port`);
  return make('unreachable', `${host}:${port} cannot be reached: ${connectionFailure(error.code, error.message)}`);
}
