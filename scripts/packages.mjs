/**
 * @file What must be there before anything else can run: Node itself, and the npm packages. Plain JavaScript on Node's
 * own modules, since it runs on a fresh clone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const oldest = [20, 19];

/** Leaves with a message where Node is too old. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    leave(`Node ${process.versions.node} is too old; install Node ${oldest.join('.')} or newer (https://nodejs.org)`);
  }
}

/** Works from the project's folder on, and installs the npm packages where they are not those of package-lock.json. */
export function requirePackages() {
  process.chdir(root);
  if (!packagesAreInstalled()) installPackages();
}

/** Lets Node import TypeScript from here on. */
export async function allowTypeScript() {
  const { register } = await import('tsx/esm/api');
  register();
}

/** Compares npm's record of what it installed with the lock file, so that a pulled change of versions is noticed. */
function packagesAreInstalled() {
  const record = 'node_modules/.package-lock.json';
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  return Object.entries(packagesOf('package-lock.json')).every(([path, { version, optional }]) => {
    if (path === '') return true; // the project itself
    // An optional one may be for another system.
    return installed[path] ? installed[path].version === version : optional;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version: string, optional?: boolean }>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/**
 * Without install scripts: no package needs one, and some would try to compile or to download. Standard output is left
 * to the program.
 */
function installPackages() {
  console.error('Installing the npm packages (npm ci)…');
  const npm = process.env.npm_execpath; // npm's own script, set where npm started this
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], { stdio: ['ignore', 2, 2] })
    : spawnSync(`npm ${args.join(' ')}`, { stdio: ['ignore', 2, 2], shell: true });
  if (status !== 0) leave('npm could not install the packages; see its message above');
}

/**
 * @param {string} message
 * @returns {never}
 */
function leave(message) {
  console.error(message);
  process.exit(1);
}
