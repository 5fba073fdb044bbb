/**
 * Intent: what the page is built of is named with its licence's text, whether the package brings the text or only names
 * it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { licenceTexts } from '../../scripts/licences.ts';

test('our own comes first, and then each package with its text', () => {
  const text = licenceTexts(['node_modules/preact', 'node_modules/monaco-editor', 'node_modules/@lumino/signaling']);
  expect(text.startsWith(`wuDNN (MIT)\n\n${readFileSync('LICENSE', 'utf8').trim()}`)).toBe(true);
  expect(text).toContain(readFileSync('node_modules/preact/LICENSE', 'utf8').trim());
  expect(text).toContain(readFileSync('node_modules/monaco-editor/ThirdPartyNotices.txt', 'utf8').trim());
  // This one only names its licence.
  expect(text).toMatch(
    /@lumino\/signaling \S+ \(BSD-3-Clause\)\n\nCopyright \(c\) Project Jupyter https:\S+\n\nRedistribution and use/,
  );
});

test('a package whose licence nobody has the text of stops the build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-file-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'odd', version: '1.0.0', license: 'Odd-1.0' }));
  expect(() => licenceTexts([folder])).toThrow(/odd has no licence text.*Odd-1\.0\.txt/);
  rmSync(folder, { recursive: true });
});
