/**
 * @file Who may speak to this server: the browser that opened the printed address, and on the bridge only the page that
 * it shows.
 *
 * Three strangers are on the same machine. Another site in the visitor's browser can send requests to loopback, and a
 * name that resolves to loopback can make its page look like ours (DNS rebinding): the Host must be loopback, and the
 * browser must say that the request comes from our own page. Another account can ask by itself and forge every header:
 * so, as in Jupyter, the printed address holds a secret, which is exchanged once for a cookie that no script reads. A
 * program on the page is shut in elsewhere (docs/layout.md); should it ever get out, it has no key: the key is only in
 * the answer to the visitor's own navigation, and a job needs a permit that the page asks for when a button is pressed.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { keyHeader, permitHeader } from './protocol.ts';

export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/**
 * How long a secret of the address waits to be used, and a permit: until somebody looks at the terminal, and until the
 * job is sent.
 */
const ticketMs = 24 * 3600_000;
const permitMs = 60_000;

export class Guard {
  /** What a request to the bridge must carry; new with every start. */
  readonly key = newSecret();
  private readonly session = newSecret();
  private readonly tickets = new OneTimeSecrets(ticketMs);
  private readonly permits = new OneTimeSecrets(permitMs);
  private cookieName = 'wudnn';

  /** Cookies do not tell ports apart, so that the name does. */
  listensOn(port: number): void {
    this.cookieName = `wudnn-${port}`;
  }

  /** A secret for an address; it opens the page once. */
  ticket(): string {
    return this.tickets.issue();
  }

  /** The cookie for whoever has a secret that is not used yet. */
  redeem(ticket: string): string | undefined {
    return this.tickets.take(ticket)
      ? `${this.cookieName}=${this.session}; Path=/; HttpOnly; SameSite=Strict`
      : undefined;
  }

  /** A permit for one job. */
  permit(): string {
    return this.permits.issue();
  }

  takePermit(request: IncomingMessage): Refusal | undefined {
    return this.permits.take(textOf(request.headers[permitHeader]))
      ? undefined
      : { status: 403, reason: 'bridge: the job has no permit; press the button again' };
  }

  /** Why a request for anything is refused; `undefined` where it comes from the browser that was let in. */
  refusal(request: IncomingMessage): Refusal | undefined {
    if (isLoopback(request) && !this.isLetIn(request))
      return { status: 403, reason: 'this browser has not opened the printed address' };
    return strangerRefusal(request);
  }

  /**
   * Why a request for a file of the built site is refused where other pages may show `embed.html`. A frame in another
   * site's page has no cookie, so none is asked for: the files are public, and the key is in none of them.
   */
  fileRefusal(request: IncomingMessage, isEmbed: boolean): Refusal | undefined {
    const isShown = isEmbed && isLoopback(request) && isFrameNavigation(request);
    return isShown ? undefined : strangerRefusal(request);
  }

  /** Why a request to the bridge is refused. A browser says where it comes from, or it is none that could be ours. */
  bridgeRefusal(request: IncomingMessage): Refusal | undefined {
    const { host, origin, [keyHeader]: key, 'sec-fetch-site': site } = request.headers;
    if (request.method !== 'POST') return { status: 405, reason: 'bridge: only POST is answered' };
    if (origin !== `http://${host}` || site !== 'same-origin')
      return { status: 403, reason: 'bridge: the request comes from another page' };
    if (!sameSecret(textOf(key), this.key))
      return { status: 403, reason: "bridge: the session's key is missing or out of date; reload the page" };
    return undefined;
  }

  private isLetIn({ headers: { cookie = '' } }: IncomingMessage): boolean {
    return cookie.split('; ').some((pair) => {
      const [name, value = ''] = pair.split('=');
      return name === this.cookieName && sameSecret(value, this.session);
    });
  }
}

/** Why a request is refused wherever it goes: by its host, or because another page sends it. */
function strangerRefusal(request: IncomingMessage): Refusal | undefined {
  const site = request.headers['sec-fetch-site'];
  if (!isLoopback(request)) return { status: 403, reason: 'the host is not this machine' };
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return { status: 403, reason: 'the request comes from another page' };
  return undefined;
}

/** Whether a page shows what it asks for in a frame; which pages may, the browser holds to by the answer's policy. */
function isFrameNavigation({ headers }: IncomingMessage): boolean {
  return headers['sec-fetch-dest'] === 'iframe' && headers['sec-fetch-mode'] === 'navigate';
}

/** Whether the visitor's browser shows what it asks for as a page of its own, in no frame and for no script. */
export function isOwnNavigation({ headers }: IncomingMessage): boolean {
  return headers['sec-fetch-dest'] === 'document' && headers['sec-fetch-mode'] === 'navigate';
}

/** Whether the request names this machine; whoever asks it by another name may not be who they seem. */
export function isLoopback({ headers: { host = '' } }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}

/** Secrets that are good once, and for some time; the oldest of too many is good no more. */
class OneTimeSecrets {
  private static readonly most = 100;
  private readonly lifeMs: number;
  private readonly issued = new Map<string, number>();

  constructor(lifeMs: number) {
    this.lifeMs = lifeMs;
  }

  issue(): string {
    const secret = newSecret();
    this.issued.set(secret, Date.now());
    if (this.issued.size > OneTimeSecrets.most) this.issued.delete(this.issued.keys().next().value!);
    return secret;
  }

  take(given: string): boolean {
    for (const [secret, issued] of this.issued) {
      if (!sameSecret(given, secret)) continue;
      this.issued.delete(secret);
      return Date.now() - issued < this.lifeMs;
    }
    return false;
  }
}

const newSecret = (): string => randomBytes(32).toString('hex');

const textOf = (header: string | string[] | undefined): string => (typeof header === 'string' ? header : '');

function sameSecret(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
