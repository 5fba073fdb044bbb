/**
 * @file Intent: `npm run build` makes a site that runs from any path of any static server, without a bridge behind it.
 */
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Playground } from '../support/browser.ts';
import { press, startPlayground, statusOf, textOf } from '../support/browser.ts';
import { describeWith } from '../support/needs.ts';

const below = '/class/of/2026/';
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };

describeWith(['browser'], 'the static site', () => {
  let folder: string;
  let server: Server;
  let playground: Playground;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wudnn-site-'));
    await build({ build: { outDir: folder, emptyOutDir: true }, logLevel: 'error' });
    server = serveFolder(folder);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${below}`;
    playground = await startPlayground({ site: { url, close: async () => void server.close() } });
  });
  afterAll(async () => {
    await playground?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('the first example runs, and a comparison says what it would need', async () => {
    const page = await playground.open();
    await press(page, 'button', 'Run');
    expect(await statusOf(page, /Finished|Failed/)).toMatch(/^Finished in .* on webgpu\.$/);
    expect(await textOf(page, 'region', 'Console')).toContain('output shape: [4, 16, 16, 16]');
    await press(page, 'button', 'Compare with remote');
    expect(await page.waitForFunction(() => document.body.innerText.includes('npm start'))).toBeTruthy();
  });
});

function serveFolder(folder: string): Server {
  return createServer(({ url = '' }, response) => {
    const path = new URL(url, 'http://localhost').pathname;
    const file = join(folder, normalize(path.slice(below.length) || 'index.html'));
    if (!path.startsWith(below) || !existsSync(file)) response.writeHead(404).end();
    else createReadStream(file).pipe(response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }));
  });
}
