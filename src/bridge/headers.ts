/**
 * @file The headers of everything that is served. What a page may load and run stands in the page itself (index.html,
 * engine.html), where it also holds on a host that sets no headers; here is what a page cannot say of itself.
 */
import type { ServerResponse } from 'node:http';
import { embedPath } from './framing.ts';

/** The resource policy is no matter for a frame's document, so it is as strict where `embed.html` may be framed. */
const always: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** `frameBy`: origins whose pages may show `embed.html`. */
export function secure(response: ServerResponse, path: string, frameBy: readonly string[] = []): void {
  for (const [name, value] of Object.entries(always)) response.setHeader(name, value);
  response.setHeader('content-security-policy', policy(path, frameBy));
}

/**
 * The engine's frame may be framed by its own page, and has no origin however it is opened. A browser asks it about the
 * page around its page as well.
 */
function policy(path: string, frameBy: readonly string[]): string {
  if (path === '/engine.html') return `frame-ancestors ${["'self'", ...frameBy].join(' ')}; sandbox allow-scripts`;
  const ancestors = path === embedPath && frameBy.length > 0 ? frameBy.join(' ') : "'none'";
  return `frame-ancestors ${ancestors}; connect-src 'self'`;
}
