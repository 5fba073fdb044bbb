/**
 * @file What a visitor waits for: the page without the editor, and each pane when it is first opened, compressed.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { paneIds } from '../../src/playground/panes/index.ts';
import { startPlayground } from '../support/browser.ts';
import { describeWith } from '../support/needs.ts';

const assets = 'dist/assets';
const kilobyte = 1000;

describeWith(['browser'], 'the weight', () => {
  beforeAll(async () => {
    await (await startPlayground()).close(); // which builds the page
  });

  /** A script with what it imports before it runs. */
  async function withImports(script: string, known = new Set<string>()): Promise<Set<string>> {
    if (known.has(script)) return known;
    known.add(script);
    const code = await readFile(join(assets, script), 'utf8');
    for (const [, imported] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
      await withImports(imported, known);
    return known;
  }
  async function compressed(files: Iterable<string>): Promise<number> {
    const sizes = await Promise.all(
      [...files].map(async (file) => gzipSync(await readFile(join(assets, file))).length),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }
  async function firstFiles(): Promise<Set<string>> {
    const html = await readFile('dist/index.html', 'utf8');
    const linked = [...html.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file);
    const scripts = linked.filter((file) => file.endsWith('.js'));
    const all = await Promise.all(scripts.map((script) => withImports(script)));
    return new Set([...linked, ...all.flatMap((files) => [...files])]);
  }

  test('before the editor is at most 200 KB, and Monaco is no part of it', async () => {
    const first = await firstFiles();
    expect([...first].filter((file) => /monaco|editor/.test(file))).toEqual([]);
    expect(await compressed(first)).toBeLessThan(200 * kilobyte);
  });

  test('of each pane is at most 60 KB beside that', async () => {
    const first = await firstFiles();
    const panes = (await readdir(assets)).filter((file) => /^pane-.*\.js$/.test(file));
    expect(panes.length).toBe(paneIds.length);
    for (const pane of panes) {
      const own = [...(await withImports(pane))].filter((file) => !first.has(file));
      expect(await compressed(own), pane).toBeLessThan(60 * kilobyte);
    }
  });
});
