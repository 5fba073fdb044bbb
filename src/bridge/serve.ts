/**
 * @file `serve`: the page and the bridge in one process, on loopback. The page is the built one; who develops has
 * Vite's instead, which follows the sources.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from '../base/errors.ts';
import { Bridge } from './bridge.ts';
import { builtSite } from './built-site.ts';
import { embedPath, frameOrigins } from './framing.ts';
import { Guard, isLoopback, isOwnNavigation } from './guard.ts';
import { secure } from './headers.ts';
import { keyMeta, ticketParameter } from './protocol.ts';

export interface ServeOptions {
  /** The first port to try; a taken one gives way to the next. */
  readonly port: number;
  readonly host?: string;
  /** Whether the page comes from the sources as they are, and follows them. */
  readonly develop?: boolean;
  /** Origins of pages that may show `embed.html`, of the built page alone: its files are all public. */
  readonly frameBy?: readonly string[];
  /** Told when the page must be built first, which takes some seconds. */
  readonly onBuild?: () => void;
}

export interface PageServer {
  /** Where the page is, for a browser that was let in. */
  readonly url: string;
  /** An address that lets one browser in, once. */
  entry(): string;
  close(): Promise<void>;
}

/** A site without the bridge: answers requests, and gives the page's text. */
interface Site {
  readonly files: RequestListener;
  page(): Promise<string>;
  close(): Promise<void>;
}

/** What an answer depends on. */
interface Parts {
  readonly guard: Guard;
  readonly bridge: Bridge;
  readonly site: Site;
  /** Origins of pages that may show `embed.html`. */
  readonly frameBy: readonly string[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const portsTried = 100;

export async function serve({
  port,
  host = '127.0.0.1',
  develop = false,
  frameBy: named = [],
  onBuild,
}: ServeOptions): Promise<PageServer> {
  if (!['127.0.0.1', '::1', 'localhost'].includes(host))
    fail(`serve: the bridge listens on loopback only, not on ${host}; use an ssh tunnel to reach it from elsewhere`);
  const frameBy = frameOrigins(named);
  if (develop && frameBy.length > 0) fail('--frame-by: only the built page may be framed; leave --dev out');
  const guard = new Guard();
  const bridge = new Bridge(guard);
  const server = createServer();
  const site = develop ? await sourceSite(server) : await fileSite(await builtSite(onBuild));
  const parts: Parts = { guard, bridge, site, frameBy };
  server.on('request', (request, response) => void answer(request, response, parts).catch(() => response.destroy()));
  const bound = await listen(server, port, host);
  guard.listensOn(bound);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`;
  return {
    url,
    entry: () => `${url}?${ticketParameter}=${guard.ticket()}`,
    async close() {
      await bridge.close();
      await site.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { guard, bridge, site, frameBy }: Parts,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const isPage = pathname === '/' || pathname === '/index.html';
  const isBridge = pathname.startsWith('/bridge/');
  secure(response, pathname, frameBy);
  const refused =
    frameBy.length > 0 && !isPage && !isBridge
      ? guard.fileRefusal(request, pathname === embedPath)
      : guard.refusal(request);
  const ticket = searchParams.get(ticketParameter);
  if (ticket !== null && isLoopback(request)) {
    const cookie = guard.redeem(ticket);
    if (cookie !== undefined) response.setHeader('set-cookie', cookie);
    if (cookie !== undefined || !refused) return void response.writeHead(303, { location: '/' }).end();
  }
  if (refused)
    return void response
      .writeHead(refused.status, { 'content-type': 'text/html; charset=utf-8' })
      .end(closedDoor(refused.reason));
  if (isBridge) return bridge.handle(pathname.slice('/bridge'.length), request, response);
  if (!isPage) return site.files(request, response);
  const key = isOwnNavigation(request) ? `<meta name="${keyMeta}" content="${guard.key}">` : '';
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .end((await site.page()).replace('<head>', `<head>${key}`));
}

/** What somebody sees who has no cookie, or comes here by a link of another page. */
const closedDoor = (
  reason: string,
): string => `<!doctype html><html lang="en"><title>wuDNN</title><body style="font: 16px/1.5 sans-serif; max-width: 40em; margin: 4em auto">
<h1>This page is closed</h1><p>wuDNN does not answer: ${reason}. The address that <code>npm start</code> prints opens the page once, in one browser;
press Enter in that terminal for another address. Who has followed a link to here presses Enter in the address bar.</p></body></html>
`;

async function fileSite(folder: string): Promise<Site> {
  const { default: sirv } = await import('sirv');
  const files = sirv(folder, { etag: true });
  return {
    files: (request, response) => files(request, response, () => void response.writeHead(404).end()),
    page: () => readFile(join(folder, 'index.html'), 'utf8'),
    close: async () => {},
  };
}

async function sourceSite(server: Server): Promise<Site> {
  const { createServer: createVite } = await import('vite');
  const vite = await createVite({
    root,
    appType: 'custom',
    server: { middlewareMode: true, hmr: { server }, cors: false },
    clearScreen: false,
    logLevel: 'warn',
  });
  return {
    files: (request, response) => vite.middlewares(request, response),
    page: async () => vite.transformIndexHtml('/', await readFile(join(root, 'index.html'), 'utf8')),
    close: () => vite.close(),
  };
}

/** Listens on the first free port from the one given. */
async function listen(server: Server, first: number, host: string): Promise<number> {
  for (let port = first; ; port++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      server.removeAllListeners('error');
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port - first >= portsTried) throw error;
    }
  }
}
