/**
 * @file Vite's part in opening without a network: sw.js, the service worker with the hashes of all files of this build.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin, Rollup } from 'vite';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Records may change after the build, schemas and documentation are for reading elsewhere. */
const left = /^(recorded\/|.*\.schema\.json$|sw\.js$)/;
const editor = /^assets\/(monaco|editor|typescript|tsMode|codicon)/;

export function serviceWorker(): Plugin {
  return {
    name: 'wudnn-service-worker',
    apply: 'build',
    /** When all files are there, also those of public/. */
    async writeBundle({ dir }) {
      writeFileSync(join(dir!, 'sw.js'), `const built=${JSON.stringify(contentsOf(dir!))};\n${await bundle()}`);
    },
  };
}

/** SHA-256 of each file by its path, and of them all. */
export function contentsOf(dir: string) {
  const paths = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((path) => !left.test(path))
    .toSorted();
  const hashes = paths.map((path) => [path, sha256(readFileSync(join(dir, path)))] as const);
  const those = (of: (path: string) => boolean) => Object.fromEntries(hashes.filter(([path]) => of(path)));
  return {
    version: sha256(JSON.stringify(hashes)).slice(0, 16),
    page: those((path) => !editor.test(path)),
    editor: those((path) => editor.test(path)),
  };
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('base64');

async function bundle(): Promise<string> {
  const built = (await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: { input: 'src/playground/offline/worker.ts', output: { format: 'iife', codeSplitting: false } },
    },
  })) as Rollup.RollupOutput;
  return built.output[0].code;
}
