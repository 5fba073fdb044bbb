/**
 * @file Vite's part in shutting visitors' programs in: the engine becomes one script, engine.js, that needs no other,
 * since the frame that it runs in may load none.
 */
import { fileURLToPath } from 'node:url';
import type { Plugin, Rollup } from 'vite';
import { build } from 'vite';
import { countPackages } from './licences.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export function engineScript(): Plugin {
  return {
    name: 'wudnn-engine',
    /** Each load of the page has the sources as they are. */
    configureServer({ middlewares }) {
      middlewares.use('/engine.js', (_request, response, next) => {
        bundle(false).then((code) => response.setHeader('content-type', 'text/javascript').end(code), next);
      });
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'engine.js', source: await bundle(true) });
    },
  };
}

/** Classes and functions keep their names: layers, optimizers and errors are told by them. */
async function bundle(minify: boolean): Promise<string> {
  const built = (await build({
    root,
    configFile: false,
    publicDir: false,
    plugins: [countPackages()],
    logLevel: 'error',
    build: {
      write: false,
      minify,
      target: 'es2023',
      rolldownOptions: {
        input: 'src/playground/engine/host.ts',
        output: { format: 'iife', codeSplitting: false, keepNames: true },
      },
    },
  })) as Rollup.RollupOutput;
  return built.output[0].code;
}
