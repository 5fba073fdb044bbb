/**
 * @file The headers of everything that is served. What a page may load and run stands in the page itself (index.html,
 * engine.html), where it also holds on a host that sets no headers; here is what a page cannot say of itself.
 */
import type { ServerResponse } from 'node:http';

const always: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/**
 * The engine's frame is the only document that may be framed, by its own page, and has no origin however it is opened.
 */
export function secure(response: ServerResponse, path: string): void {
  for (const [name, value] of Object.entries(always)) response.setHeader(name, value);
  const isFrame = path === '/engine.html';
  response.setHeader(
    'content-security-policy',
    isFrame ? "frame-ancestors 'self'; sandbox allow-scripts" : "frame-ancestors 'none'; connect-src 'self'",
  );
}
