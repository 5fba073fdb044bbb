/**
 * @file The address of a remote as people write and copy it, and what it means. A secret in it is taken out before the
 * address is shown or kept.
 */
import { RemoteError } from './transport.ts';

/** What a visitor gave, taken apart. */
export interface NamedAddress {
  /** Without a token and without a password. */
  readonly address: string;
  /** A Jupyter server's token; empty where there is none. */
  readonly token: string;
}

/**
 * Reads `http://host:8888/lab?token=…` as Jupyter prints it, `host:8888`, `ssh://user@host:2222`, `user@host:2222`, or
 * a protocol with a name, `docker:NAME`, which only Node can tell more about (`node/kinds/`). A token that is given
 * apart wins. Throws where the text names nothing.
 */
export function readAddress(text: string, token = ''): NamedAddress {
  const address = text.trim();
  if (/^(?!https?:|ssh:)[a-z]+:(?!\/\/|\d+([/?#]|$))[^?#]+$/.test(address)) return { address, token: '' };
  if (address.startsWith('ssh://')) return { address: sshAddress(address), token: '' };
  if (/^[\w.-]+@[\w.-]+(:\d+)?$/.test(address)) return { address: sshAddress(`ssh://${address}`), token: '' };
  const url = /^(\w[\w.-]*|\[[\da-f:]+\])(:\d+)?([/?#].*)?$/i.test(address) ? `http://${address}` : address;
  return { address: parseAddress(url), token: token || (tokenInAddress(url) ?? '') };
}

/** The protocol of an address, `'ssh:'`; empty where it has none. */
export function protocolOf(address: string): string {
  return /^[a-z]+:/.exec(address.trim())?.[0] ?? '';
}

/**
 * The base address of a Jupyter server, without what a visitor may have copied with it: a query, a hash, `/lab` or
 * `/tree`.
 */
export function parseAddress(address: string): string {
  let url: URL;
  try {
    url = new URL(address.trim());
  } catch (cause) {
    throw new RemoteError(
      'unreachable',
      `jupyter: '${withoutSecrets(address)}' is not an address; give one like http://127.0.0.1:8888`,
      { cause },
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new RemoteError(
      'unreachable',
      `jupyter: the protocol ${url.protocol} is not http: or https:; give an address like http://127.0.0.1:8888`,
    );
  }
  const path = url.pathname
    .replace(/\/(nbclassic|retro|lab|tree|notebooks|edit|consoles|terminals|login)(\/.*)?$/, '/')
    .replace(/\/*$/, '/');
  return `${url.protocol}//${url.host}${path}`;
}

/** The token within an address as Jupyter prints it, `http://localhost:8888/lab?token=…`. */
export function tokenInAddress(address: string): string | undefined {
  return URL.canParse(address) ? (new URL(address).searchParams.get('token') ?? undefined) : undefined;
}

/** An address for an error: short, and without query, hash and password. */
export function withoutSecrets(address: string): string {
  return address
    .replace(/[?#].*$/, '')
    .replace(/\/\/[^/@]*@/, '//')
    .slice(0, 200);
}

/** Whether the host is this machine, where nobody listens in between. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function sshAddress(address: string): string {
  if (!URL.canParse(address))
    throw new RemoteError(
      'unreachable',
      `ssh: '${withoutSecrets(address)}' is not an address; give one like ssh://user@host:2222`,
    );
  const { hostname, password } = new URL(address);
  if (hostname === '')
    throw new RemoteError('unreachable', 'ssh: the address has no host; give one like ssh://user@host:2222');
  if (password !== '')
    throw new RemoteError('authentication', 'ssh: passwords in an address are not used; use a key or an agent');
  return address;
}
