/**
 * @file Installing on Debian: from its own archive and, where a stable release is too old, from its backports.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../src/base/errors.ts';
import type { Prerequisite } from '../src/machine/prerequisites.ts';
import { aptInstall, backportsOf } from '../src/machine/prerequisites.ts';

const sourcesFolder = '/etc/apt/sources.list.d';
const addedSource = join(sourcesFolder, 'wudnn-backports.sources');

/** Installs what brings these; one that apt cannot install does not keep the others from it. */
export function installOnDebian(missing: readonly Prerequisite[], release: string): void {
  if (missing.some((prerequisite) => backportsOf(prerequisite, release))) addBackports(release);
  aptGet(['update']);
  for (const prerequisite of missing) aptGet(aptInstall(prerequisite, release));
}

/** What apt says is long, and told only when it fails. */
function aptGet(args: readonly string[]): void {
  console.log(`apt-get ${args.join(' ')}`);
  const quiet = ['-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  const { status, stdout, stderr, error } = spawnSync('apt-get', [...quiet, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) console.log(error?.message ?? stdout + stderr);
}

function addBackports(release: string): void {
  const sources = readSources();
  if (sources.some(({ suites }) => suites.includes(`${release}-backports`))) return;
  writeFileSync(addedSource, backportsSource(sources, release));
}

/** One entry of apt's sources: where, which suites, and the rest of its fields as they are. */
export interface Source {
  readonly uris: string;
  readonly suites: readonly string[];
  readonly signedBy?: string;
}

/** The text of a source that names the backports of the archive from which the release itself comes. */
export function backportsSource(sources: readonly Source[], release: string): string {
  const archive =
    sources.find(({ suites }) => suites.includes(release)) ??
    fail(`apt: no source under /etc/apt names the suite ${release}; add the suite ${release}-backports yourself`);
  const signature = archive.signedBy ? `Signed-By: ${archive.signedBy}\n` : '';
  return `Types: deb\nURIs: ${archive.uris}\nSuites: ${release}-backports\nComponents: main\n${signature}`;
}

function readSources(): Source[] {
  const files = ['/etc/apt/sources.list', ...readdirSync(sourcesFolder).map((file) => join(sourcesFolder, file))];
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) => parseSources(readFileSync(file, 'utf8'), file.endsWith('.sources')));
}

/** Both of apt's formats: stanzas of fields (deb822), and the older `deb [options] uri suite component…` lines. */
export function parseSources(text: string, deb822: boolean): Source[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  if (!deb822) {
    return lines.flatMap((line) => {
      const [, options, uris, suite] = /^deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+(\S+)/.exec(line) ?? [];
      return uris ? [{ uris, suites: [suite], signedBy: /signed-by=(\S+)/.exec(options ?? '')?.[1] }] : [];
    });
  }
  return lines
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const field = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, 'mi').exec(stanza)?.[1].trim();
      const [uris, suites] = [field('URIs'), field('Suites')];
      const usable = uris && suites && field('Types')?.split(/\s+/).includes('deb') && field('Enabled') !== 'no';
      return usable ? [{ uris, suites: suites.split(/\s+/), signedBy: field('Signed-By') }] : [];
    });
}
