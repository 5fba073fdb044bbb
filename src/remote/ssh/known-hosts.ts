/**
 * @file OpenSSH's known_hosts: whether the key that a server shows is the one that the visitor trusts.
 *
 * Lines are `hosts type key`, with hosts in clear (patterns with * and ?, ! to exclude) or hashed
 * (`|1|salt|HMAC-SHA1`); a port other than 22 is written `[host]:port`. A line may begin with @revoked or
 * @cert-authority; certificates are not used here.
 * Format: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".
 */
import { createHash, createHmac } from 'node:crypto';

export type HostKeyVerdict = 'known' | 'unknown' | 'changed' | 'revoked';

interface Entry {
  readonly marker: string | undefined;
  readonly hosts: string;
  readonly type: string;
  readonly key: string;
}

export class KnownHosts {
  private readonly entries: readonly Entry[];

  /** The text of one file or of several, one after the other. */
  constructor(text: string) {
    this.entries = text.split('\n').flatMap((line) => {
      const words = line.trim().split(/\s+/);
      if (line.trim() === '' || line.trim().startsWith('#')) return [];
      const marker = words[0].startsWith('@') ? words.shift() : undefined;
      const [hosts, type, key] = words;
      return key === undefined ? [] : [{ marker, hosts, type, key }];
    });
  }

  /** Judges the key blob that a server shows. */
  judge(host: string, port: number, key: Buffer): HostKeyVerdict {
    const encoded = key.toString('base64');
    const entries = this.of(host, port);
    if (entries.some((entry) => entry.marker === '@revoked' && entry.key === encoded)) return 'revoked';
    const plain = entries.filter((entry) => entry.marker === undefined);
    if (plain.some((entry) => entry.key === encoded)) return 'known';
    return plain.some((entry) => entry.type === keyType(key)) ? 'changed' : 'unknown';
  }

  /** The types of key that are known of a host: the server is asked for one of these, as OpenSSH does. */
  typesOf(host: string, port: number): string[] {
    return [
      ...new Set(
        this.of(host, port)
          .filter((entry) => entry.marker === undefined)
          .map((entry) => entry.type),
      ),
    ];
  }

  private of(host: string, port: number): Entry[] {
    const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
    return this.entries.filter((entry) => matches(entry.hosts, name));
  }
}

/** `SHA256:…`, as ssh-keygen -l prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type at the beginning of a key blob, `'ssh-ed25519'`. */
export function keyType(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.subarray(4, 4 + Math.min(length, 100)).toString('latin1');
}

function matches(hosts: string, name: string): boolean {
  const hashed = /^\|1\|([^|]+)\|(.+)$/.exec(hosts);
  if (hashed) return createHmac('sha1', Buffer.from(hashed[1], 'base64')).update(name).digest('base64') === hashed[2];
  let found = false;
  for (const pattern of hosts.split(',')) {
    const excluded = pattern.startsWith('!');
    if (!globMatches(excluded ? pattern.slice(1) : pattern, name)) continue;
    if (excluded) return false;
    found = true;
  }
  return found;
}

function globMatches(pattern: string, name: string): boolean {
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}
