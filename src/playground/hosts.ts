/**
 * @file The hosts that a program may reach: none, until it asks for one and the visitor allows it. What is allowed is
 * for that very text: an edit, or another program, asks anew.
 */
import { computed, signal } from '@preact/signals';
import { allowable } from './allowable.ts';
import { addEntry } from './entries.ts';
import { say } from './language.ts';
import { text } from './programs/program.ts';

interface Hosts {
  /** The program's text. */
  readonly of: string;
  /** As a policy names them, `'https://example.org'`. */
  readonly hosts: readonly string[];
}

const none: Hosts = { of: '', hosts: [] };
const allowed = signal(none);
const asked = signal(none);

/** More than these are no longer a question that somebody reads. */
const most = 5;

const hostsIn = ({ of, hosts }: Hosts, program: string): readonly string[] => (of === program ? hosts : []);

export const allowedHosts = computed(() => hostsIn(allowed.value, text.value));

/** What the program asked for and may not reach. */
export const askedHosts = computed(() =>
  hostsIn(asked.value, text.value).filter((host) => !allowedHosts.value.includes(host)),
);

export function allow(host: string): void {
  allowed.value = { of: text.value, hosts: [...allowedHosts.value, host] };
}

export function takeBack(): void {
  allowed.value = none;
}

/** Notes that a program asked for an address. What can never be allowed is only told. */
export function noteRefused(url: string, program: string): void {
  const host = allowable(url, location.host);
  const before = hostsIn(asked.value, program);
  if (host === undefined)
    addEntry({
      level: 'warn',
      text: say({
        en: `${url} cannot be allowed: a program may load only from https hosts on the internet, not from this machine or this page`,
        zh: `不能允许 ${url}：程序只能从互联网上的 https 主机加载，不能从本机或本页加载`,
      }),
    });
  else if (!before.includes(host) && before.length < most) asked.value = { of: program, hosts: [...before, host] };
}
