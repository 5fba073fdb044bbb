/**
 * @file The built page: made when it is not there or older than what it is made of, in dist/ or, where the checkout is
 * read-only, in a folder of this account.
 */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { access, constants, mkdir, mkdtemp, readdir, rename, rm, utimes } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the page is made of. A folder is as young as its youngest file or its last removal. */
const sources = [
  'src',
  'shaders',
  'public',
  'index.html',
  'embed.html',
  'vite.config.ts',
  'scripts/api',
  'scripts/engine-script.ts',
  'scripts/licences.ts',
  'scripts/service-worker.ts',
  'package-lock.json',
];

/** The folder of the built page; `onBuild` hears when it must be built first, which takes some seconds. */
export async function builtSite(onBuild: () => void = () => {}): Promise<string> {
  const changed = await youngest();
  const folders = [join(root, 'dist'), ownFolder()];
  const fresh = folders.find((folder) => isFresh(folder, changed));
  if (fresh !== undefined) return fresh;
  onBuild();
  for (const folder of folders) {
    if (await isWritable(folder)) return build(folder);
  }
  return build(join(await mkdtemp(join(tmpdir(), 'wudnn-')), 'site'));
}

/** Builds beside the folder and puts the result in its place whole, since another process may be serving it. */
async function build(folder: string): Promise<string> {
  const started = new Date();
  const beside = `${folder}-${process.pid}`;
  const { build: buildWithVite } = await import('vite');
  try {
    // The usual way of loading the settings writes into the checkout.
    await buildWithVite({
      root,
      configLoader: 'runner',
      build: { outDir: beside, emptyOutDir: true },
      logLevel: 'error',
    });
    await utimes(join(beside, 'index.html'), started, started); // what changed meanwhile is younger
    await rm(folder, { recursive: true, force: true });
    await rename(beside, folder).catch((error: unknown) => {
      if (!existsSync(join(folder, 'index.html'))) throw error; // another process was faster, with the same
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}

function isFresh(folder: string, changed: number): boolean {
  const page = join(folder, 'index.html');
  return existsSync(page) && statSync(page).mtimeMs >= changed;
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    const parent = join(folder, '..');
    await mkdir(parent, { recursive: true, mode: 0o700 });
    await access(parent, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** In the account's cache, one folder a checkout. */
function ownFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'wudnn', `site-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`);
}

/** When the last of the sources was changed, in milliseconds since 1970. */
async function youngest(): Promise<number> {
  let last = 0;
  for (const source of sources.map((name) => join(root, name))) {
    const { mtimeMs } = statSync(source);
    last = Math.max(last, mtimeMs);
    if (!statSync(source).isDirectory()) continue;
    for (const entry of await readdir(source, { recursive: true }))
      last = Math.max(last, statSync(join(source, entry)).mtimeMs);
  }
  return last;
}
