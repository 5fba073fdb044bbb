/**
 * @file Intent: `npm run build` makes a site that runs from any path of any static server, without a bridge behind it,
 * and still compares: with a server that allows the page, and with runs that were recorded.
 */
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtSite } from '../../src/bridge/built-site.ts';
import type { PageServer } from '../../src/bridge/serve.ts';
import type { Playground } from '../support/browser.ts';
import { alertIn, paneText, press, startPlayground, statusOf, textOf } from '../support/browser.ts';
import { pythonWithTorch, testJupyter } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { openRemotes } from '../support/remote-dialog.ts';
import { keptBy } from '../support/secrets.ts';
import { serveFolder } from '../support/site.ts';

describeWith(['browser'], 'the static site', () => {
  let folder: string;
  let site: PageServer;
  let playground: Playground;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wudnn-site-'));
    await cp(await builtSite(), folder, { recursive: true });
    site = await serveFolder(folder, '/class/of/2026/');
    playground = await startPlayground({ site });
  });
  afterAll(async () => {
    await playground?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    if (page) await playground.reopen(page, 'kept');
    else page = await playground.open();
  });

  const verdict = (): Promise<string> =>
    page.$eval('table.tensors .verdict', (cell) => (cell as HTMLElement).innerText);
  const stages = async (): Promise<string> => {
    await page.waitForSelector('.examination[aria-busy=false]');
    return page.$eval('.examination', (e) => (e as HTMLElement).innerText);
  };

  test('holds TypeScript once', async () => {
    const workers = (await readdir(join(folder, 'assets'))).filter((file) => /^(ts|typescript)\.worker/.test(file));
    expect(workers).toEqual([expect.stringMatching(/^typescript\.worker/)]);
  });

  test('the first example runs, and a comparison says what it would need', async () => {
    await press(page, 'button', 'Run');
    expect(await statusOf(page, /Finished|Failed/)).toMatch(/^Finished in .* on webgpu\.$/);
    expect(await paneText(page, 'Console')).toContain('output shape: [4, 16, 16, 16]');
    await press(page, 'button', 'Compare with remote');
    await page.waitForSelector('dialog[open]');
    expect(await textOf(page, 'dialog', 'Compare with which PyTorch?')).toMatch(
      /This page has no bridge[\s\S]*npm start/,
    );
  });

  test('ssh is beyond a page, which says so', async () => {
    await add('me@127.0.0.1:2222', '');
    expect(await stages()).toMatch(/✗\s+bridge\s+a page without a bridge cannot use ssh:[\s\S]*npm start/);
  });

  test('a port where nothing listens is told with what a page cannot know', async () => {
    await add('http://127.0.0.1:1024', '');
    expect(await stages()).toMatch(
      /✗\s+reachable\s+nothing answers, or its certificate is not trusted[\s\S]*Checked by this page alone/,
    );
  });

  describeWith(['python'], 'and a PyTorch', () => {
    test('on a server that allows the page, is examined and compared with; the token stays in memory', async () => {
      const server = await testJupyter([`--ServerApp.allow_origin=${new URL(site.url).origin}`]);
      const heard: string[] = [];
      page.on('console', (message) => heard.push(message.text()));
      await add(server.address, server.token);
      expect(await stages()).toMatch(/✓\s+this page[\s\S]*✓\s+torch\s+PyTorch/);
      await press(page, 'button', 'Compare');
      expect(await statusOf(page, /^Compared|failed/)).toContain('Compared with http://127.0.0.1');
      await server.stop();
      expect(await verdict()).toMatch(/equal|within tolerance/);
      expect(await keptBy(page)).not.toContain(server.token);
      expect(heard.join()).not.toContain(server.token);
    });

    test('on a server that does not, is told apart from one that is not there', async () => {
      const server = await testJupyter();
      await add(server.address, server.token);
      const found = await stages();
      await server.stop();
      expect(found).toMatch(/✓\s+reachable\s+something answers there[\s\S]*✗\s+this page/);
      expect(found).toContain(`jupyter server --ServerApp.allow_origin=${new URL(site.url).origin}`);
    });

    describe('that was recorded,', () => {
      let records: string;
      beforeAll(async () => {
        records = join(folder, 'recorded');
        const { path } = pythonWithTorch();
        execFileSync(
          'node_modules/.bin/tsx',
          [
            'src/cli/main.ts',
            'record',
            'src/playground/examples/1-simple-cnn.ts',
            '--remote',
            `python:${path}`,
            '--note',
            '<b>a test</b>',
            '--out',
            records,
          ],
          { stdio: 'ignore' },
        );
      });

      test('is compared with after its own program only, which it brings along', async () => {
        await choose(/^recorded: /);
        await press(page, 'button', 'Compare');
        expect(await statusOf(page, /^Compared|failed/)).toMatch(/^Compared with recorded: /);
        expect(await verdict()).toMatch(/equal|within tolerance/);

        await page.select('select', 'shapes');
        await press(page, 'button', 'Compare with remote');
        await statusOf(page, /failed/);
        expect(await alertIn(page, '.bench')).toContain('had another program');

        await openRemotes(page);
        expect(await page.$eval('.recorded', (e) => (e as HTMLElement).innerText)).toContain(
          'not the program in the editor',
        );
        await page.click('.provenance summary');
        await press(page, 'button', 'Load its program');
        await press(page, 'button', 'Compare with remote');
        await statusOf(page, /^Compared with recorded: /);
      });

      test('shows where it comes from, its note as text', async () => {
        await choose(/^recorded: /);
        await page.click('.provenance summary');
        const shown = await page.$eval('.provenance', (e) => (e as HTMLElement).innerText);
        expect(shown).toMatch(/wudnn record src\/playground\/examples\/1-simple-cnn\.ts/);
        expect(shown).toContain('<b>a test</b>');
        expect(shown).toMatch(/[0-9a-f]{64}/);
      });

      test('is refused where its numbers are not those that were recorded', async () => {
        const [name] = (await readdir(records)).filter((file) => file.endsWith('.safetensors'));
        const bytes = await readFile(join(records, name));
        bytes[bytes.length - 1] ^= 1;
        await writeFile(join(records, name), bytes);
        await choose(/^recorded: /);
        await press(page, 'button', 'Compare');
        await statusOf(page, /failed/);
        expect(await alertIn(page, '.bench')).toContain('its checksum differs');
      });
    });
  });

  async function add(address: string, token: string): Promise<void> {
    await openRemotes(page);
    await page.type('dialog input[type=text]', address);
    if (token) await page.type('dialog input[type=password]', token);
    await press(page, 'button', 'Add and check');
  }

  /** Opens the dialog and chooses the remote of that name alone. */
  async function choose(name: RegExp): Promise<void> {
    await openRemotes(page);
    const row = await page.waitForSelector('dialog[open] .remotes li');
    expect(await row!.$eval('strong', (e) => e.textContent)).toMatch(name);
    await page.click('dialog .remotes input');
  }
});
