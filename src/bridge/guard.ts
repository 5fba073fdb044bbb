/**
 * @file Who may speak to the bridge: the page that it served itself, and nobody else.
 *
 * Another site in the visitor's browser can send requests to loopback, and a name that resolves to loopback can make its
 * page look like ours (DNS rebinding). So a request must carry the session's random key, which only the served page has,
 * a Host that is loopback, and the Origin of that very host.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { KEY_HEADER } from './protocol.ts';

export function newKey(): string {
  return randomBytes(32).toString('hex');
}

export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** Why a request is refused; `undefined` where it may pass. */
export function refusal(request: IncomingMessage, key: string): Refusal | undefined {
  const { host, origin } = request.headers;
  if (request.method !== 'POST') return { status: 405, reason: 'bridge: only POST is answered' };
  if (!host || !/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)) return { status: 403, reason: 'bridge: the host is not this machine' };
  if (origin !== `http://${host}`) return { status: 403, reason: 'bridge: the request comes from another page' };
  const given = request.headers[KEY_HEADER];
  if (typeof given !== 'string' || !sameKey(given, key)) return { status: 403, reason: "bridge: the session's key is missing or old; reload the page" };
  return undefined;
}

function sameKey(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
