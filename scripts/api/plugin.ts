/**
 * @file Vite's part in the API reference: api.html, made from the signatures and docstrings by a process of its own,
 * since the build's settings do not load the engine.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function apiReference(): Plugin {
  let page: Promise<string>;
  return {
    name: 'wudnn-api-reference',
    configureServer({ middlewares }) {
      middlewares.use('/api.html', (_request, response, next) => {
        print().then((html) => response.setHeader('content-type', 'text/html').end(html), next);
      });
    },
    buildStart() {
      page = print();
      page.catch(() => {}); // generateBundle says so
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'api.html', source: await page });
    },
  };
}

async function print(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/api/main.ts'], {
    cwd: root,
    maxBuffer: 2 ** 26,
  });
  return stdout;
}
