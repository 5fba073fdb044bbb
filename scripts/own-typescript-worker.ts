/**
 * @file Leaves Monaco's own TypeScript worker out of the build, 7 MB that nobody loads: the page's editor has a worker
 * of its own (src/playground/editor/typescript.worker.ts), which `MonacoEnvironment.getWorker` hands to Monaco.
 */
import type { Plugin } from 'vite';

const inMonaco = '/languages/features/typescript/workerManager.js';
const itsOwn = /\bcreateWorker: \(\) => new Worker\(new URL\('ts\.worker\.js', import\.meta\.url\), [^)]*\),/;

export function ownTypeScriptWorker(): Plugin {
  return {
    name: 'wudnn-own-typescript-worker',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(inMonaco)) return undefined;
      if (!itsOwn.test(code)) this.error(`${id}: this version of Monaco starts its TypeScript worker in another way`);
      return { code: code.replace(itsOwn, ''), map: null };
    },
  };
}
