/**
 * @file Private keys as their files have them: which can be used as they are, which need a passphrase first, and which
 * not at all.
 */
import type { ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';

export interface SshKey {
  /** How the visitor knows it: its file. */
  readonly file: string;
  readonly text: string;
}

export interface SortedKeys {
  readonly open: readonly ParsedKey[];
  /** Encrypted. */
  readonly locked: readonly SshKey[];
  /** Neither: not a key, or of a kind that is not known here. */
  readonly useless: readonly { readonly key: SshKey; readonly reason: string }[];
}

export function sortKeys(keys: readonly SshKey[]): SortedKeys {
  const [open, locked, useless]: [ParsedKey[], SshKey[], { key: SshKey; reason: string }[]] = [[], [], []];
  for (const key of keys) {
    const parsed = parse(key);
    if (!(parsed instanceof Error)) open.push(parsed);
    else if (/no passphrase given/.test(parsed.message)) locked.push(key);
    else useless.push({ key, reason: parsed.message });
  }
  return { open, locked, useless };
}

/** Those of the keys that the passphrase opens. */
export function unlock(keys: readonly SshKey[], passphrase: string): ParsedKey[] {
  return keys.map((key) => parse(key, passphrase)).flatMap((parsed) => (parsed instanceof Error ? [] : parsed));
}

function parse({ text }: SshKey, passphrase?: string): ParsedKey | Error {
  const parsed = ssh2.utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error || key.isPrivateKey()) return key;
  return new Error('it is a public key');
}
