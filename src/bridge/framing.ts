/**
 * @file Which pages may show `embed.html` within themselves: none, unless whoever starts the server names them.
 */
import { fail } from '../base/errors.ts';

/** The one document that a page elsewhere may be allowed to show. */
export const embedPath = '/embed.html';

/** They stand in a header of every answer. */
const most = 20;

/**
 * What may stand for a host in a policy. An address takes more than that, among it `*`, which there means every host,
 * and `;`, which ends the directive.
 */
const plainHost = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;

/** The origins that `--frame-by` names, each once and as a browser writes it; fails where one is no origin. */
export function frameOrigins(given: readonly string[]): readonly string[] {
  if (given.length > most) fail(`--frame-by: ${given.length} pages are named; at most ${most}`);
  return [...new Set(given.map(frameOrigin))];
}

function frameOrigin(text: string): string {
  const refuse = (why: string): never =>
    fail(`--frame-by: '${text.slice(0, 80)}' ${why}; give an origin such as https://school.example`);
  if (!URL.canParse(text)) refuse('is no address');
  const { protocol, hostname, origin, href } = new URL(text);
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1';
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere)) refuse('is neither https nor http://localhost');
  if (!plainHost.test(hostname)) refuse('has no plain host name');
  if (href !== `${origin}/`) refuse('has more than scheme, host and port');
  return origin;
}
