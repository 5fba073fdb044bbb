/**
 * @file A static server of a folder on loopback, as any web host is one: nothing behind it.
 */
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { PageServer } from '../../src/bridge/serve.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** Serves a folder below a path, `'/class/of/2026/'`. */
export async function serveFolder(folder: string, below: string): Promise<PageServer> {
  const server = createServer(({ url = '' }, response) => {
    const path = new URL(url, 'http://localhost').pathname;
    const file = join(folder, normalize(path.slice(below.length) || 'index.html'));
    if (!path.startsWith(below) || !existsSync(file)) response.writeHead(404).end();
    else
      createReadStream(file).pipe(
        response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${below}`;
  return {
    url,
    entry: () => url,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
