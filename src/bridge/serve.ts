/**
 * @file `serve`: the page and the bridge in one process, on loopback.
 */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { createServer } from 'vite';
import { fail } from '../base/errors.ts';
import { Bridge } from './bridge.ts';
import { KEY_META } from './protocol.ts';

export interface ServeOptions {
  /** The first port to try; a taken one gives way to the next. */
  readonly port: number;
  /** Whether Vite opens the browser. */
  readonly open: boolean;
  readonly host?: string;
  /** Whether the page reloads when a source file changes; it does unless said otherwise. */
  readonly watch?: boolean;
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export async function serve({ port, open, host = '127.0.0.1', watch = true }: ServeOptions): Promise<Served> {
  if (!['127.0.0.1', '::1', 'localhost'].includes(host)) fail(`serve: the bridge listens on loopback only, not on ${host}; use an ssh tunnel to reach it from elsewhere`);
  const bridge = new Bridge();
  const server = await createServer({
    root: ROOT,
    // No other page may read ours: the session's key is in it.
    server: { port, host, open, strictPort: false, cors: false, ...(!watch && { watch: null, hmr: false }) },
    plugins: [bridgePlugin(bridge)],
    clearScreen: false,
    logLevel: 'warn',
  });
  await server.listen();
  const url = server.resolvedUrls?.local[0] ?? fail('serve: the server has no local address');
  return {
    url,
    async close() {
      await bridge.close();
      await server.close();
    },
  };
}

function bridgePlugin(bridge: Bridge): Plugin {
  return {
    name: 'wudnn-bridge',
    configureServer(server) {
      server.middlewares.use('/bridge', (request, response) => {
        void bridge.handle((request.url ?? '').replace(/\?.*$/, ''), request, response);
      });
    },
    transformIndexHtml: () => [{ tag: 'meta', attrs: { name: KEY_META, content: bridge.key }, injectTo: 'head' }],
  };
}
