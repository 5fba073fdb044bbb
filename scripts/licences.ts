/**
 * @file Vite's part in giving credit: the licence texts of every package that the page is built of, workers and engine
 * too, as one file beside it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const licencesFile = 'licences.txt';
const texts = /^(licen[cs]e|copying|notice|third-?party-?notices)/i;

/** The folders of packages that have gone into a bundle of this build. */
const packages = new Set<string>();

/** Notes what goes into a bundle; for those that are built beside the page's own. */
export function countPackages(): Plugin {
  return {
    name: 'wudnn-packages',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk') for (const id of chunk.moduleIds) note(id);
      }
    },
  };
}

/** Writes the file; stands behind the plugins that build other bundles. */
export function licences(): Plugin[] {
  return [
    countPackages(),
    {
      name: 'wudnn-licences',
      generateBundle() {
        this.emitFile({ type: 'asset', fileName: licencesFile, source: licenceTexts([...packages]) });
      },
    },
  ];
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly author?: string | { readonly name: string };
  readonly homepage?: string;
}

/**
 * Of a package that names its licence and does not bring the text: the licence's own words under the package's author.
 */
function namedText({ name, license, author = 'its authors', homepage = '' }: Package): string {
  const path = join(root, 'scripts/licence-texts', `${license}.txt`);
  if (!existsSync(path))
    throw new Error(
      `licences: ${name} has no licence text, and scripts/licence-texts/${license}.txt is missing; put the text of that licence there`,
    );
  return (
    `Copyright (c) ${typeof author === 'string' ? author : author.name} ${homepage}`.trim() +
    `\n\n${readFileSync(path, 'utf8').trim()}`
  );
}

function note(id: string): void {
  const [, folder] = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id) ?? [];
  if (folder !== undefined && existsSync(join(folder, 'package.json'))) packages.add(folder);
}

/** Our own licence, and then each package's name, version, licence and what it says itself. */
export function licenceTexts(folders: readonly string[]): string {
  const sections = folders.map((folder) => {
    const told = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;
    const files = readdirSync(folder)
      .filter((file) => texts.test(file))
      .toSorted();
    const text =
      files.length > 0
        ? files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n')
        : namedText(told);
    return `${told.name} ${told.version} (${told.license})\n\n${text}`;
  });
  const own = `wuDNN (MIT)\n\n${readFileSync(join(root, 'LICENSE'), 'utf8').trim()}`;
  return `${[own, ...sections.toSorted()].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
