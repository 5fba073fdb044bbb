/**
 * @file Intent: `npm run build` makes a site that runs from any path of any static server, without a bridge behind it,
 * and still compares: with a server that allows the page, and with runs that were recorded.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtSite } from '../../src/bridge/built-site.ts';
import type { PageServer } from '../../src/bridge/serve.ts';
import type { Playground } from '../support/browser.ts';
import { alertIn, compare, paneText, press, run, startPlayground, statusAfter, textOf } from '../support/browser.ts';
import { pythonWithTorch, testJupyter } from '../support/jupyter.ts';
import { wudnn } from '../support/command.ts';
import { describeWith } from '../support/needs.ts';
import { addRemote, examined, openRemotes } from '../support/remote-dialog.ts';
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

  async function verdict(): Promise<string> {
    const cell = await page.waitForSelector('table.tensors .verdict');
    return cell!.evaluate((e) => (e as HTMLElement).innerText);
  }

  test('holds TypeScript once', async () => {
    const workers = (await readdir(join(folder, 'assets'))).filter((file) => /^(ts|typescript)\.worker/.test(file));
    expect(workers).toEqual([expect.stringMatching(/^typescript\.worker/)]);
  });

  test('the first example runs, and a comparison says what it would need', async () => {
    expect(await run(page)).toMatch(/^Finished in .* on webgpu\.$/);
    await expect.poll(() => paneText(page, 'Console')).toContain('output shape: [4, 16, 16, 16]');
    await press(page, 'button', 'Compare with remote');
    await page.waitForSelector('dialog[open]');
    expect(await textOf(page, 'dialog', 'Compare with which PyTorch?')).toMatch(
      /This page has no bridge[\s\S]*npm start/,
    );
  });

  test('ssh is beyond a page, which says so', async () => {
    await add('me@127.0.0.1:2222', '');
    expect(await examined(page)).toMatch(/✗\s+bridge\s+a page without a bridge cannot use ssh:[\s\S]*npm start/);
  });

  test('a port where nothing listens is told with what a page cannot know', async () => {
    await add('http://127.0.0.1:1024', '');
    expect(await examined(page)).toMatch(
      /✗\s+reachable\s+nothing answers, or its certificate is not trusted[\s\S]*Checked by this page alone/,
    );
  });

  describeWith(['python'], 'and a PyTorch', () => {
    test('on a server that allows the page, is examined and compared with; the token stays in memory', async () => {
      const server = await testJupyter([`--ServerApp.allow_origin=${new URL(site.url).origin}`]);
      const heard: string[] = [];
      page.on('console', (message) => heard.push(message.text()));
      await add(server.address, server.token);
      expect(await examined(page)).toMatch(/✓\s+this page[\s\S]*✓\s+torch\s+PyTorch/);
      expect(await statusAfter(page, () => press(page, 'button', 'Compare'))).toContain(
        'Compared with http://127.0.0.1',
      );
      await server.stop();
      expect(await verdict()).toMatch(/equal|within tolerance/);
      expect(await keptBy(page)).not.toContain(server.token);
      expect(heard.join()).not.toContain(server.token);
    });

    test('on a server that does not, is told apart from one that is not there', async () => {
      const server = await testJupyter();
      await add(server.address, server.token);
      const found = await examined(page);
      await server.stop();
      expect(found).toMatch(/✓\s+reachable\s+something answers there[\s\S]*✗\s+this page/);
      expect(found).toContain(`jupyter server --ServerApp.allow_origin=${new URL(site.url).origin}`);
    });

    describe('that was recorded,', () => {
      let records: string;
      beforeAll(async () => {
        records = join(folder, 'recorded');
        const remote = `python:${pythonWithTorch().path}`;
        const program = 'src/playground/examples/1-simple-cnn.ts';
        const recorded = await wudnn([
          'record',
          program,
          '--remote',
          remote,
          '--note',
          '<b>a test</b>',
          '--out',
          records,
        ]);
        expect(recorded.status, recorded.stderr).toBe(0);
      });

      test('is compared with after its own program only, which it brings along', async () => {
        await choose(/^recorded: /);
        expect(await statusAfter(page, () => press(page, 'button', 'Compare'))).toMatch(/^Compared with recorded: /);
        expect(await verdict()).toMatch(/equal|within tolerance/);

        await page.select('select', 'shapes');
        expect(await compare(page)).toContain('failed');
        await expect.poll(() => alertIn(page, '.bench')).toContain('had another program');

        await openRemotes(page);
        await expect
          .poll(() => page.$eval('.recorded', (e) => (e as HTMLElement).innerText))
          .toContain('not the program in the editor');
        await page.locator('.provenance summary').click();
        await press(page, 'button', 'Load its program');
        expect(await compare(page)).toMatch(/^Compared with recorded: /);
      });

      test('shows where it comes from, its note as text', async () => {
        await choose(/^recorded: /);
        await page.locator('.provenance summary').click();
        const shown = (): Promise<string> => page.$eval('.provenance', (e) => (e as HTMLElement).innerText);
        await expect.poll(shown).toMatch(/wudnn record src\/playground\/examples\/1-simple-cnn\.ts/);
        await expect.poll(shown).toContain('<b>a test</b>');
        await expect.poll(shown).toMatch(/[0-9a-f]{64}/);
      });

      test('is refused where its numbers are not those that were recorded', async () => {
        const [name] = (await readdir(records)).filter((file) => file.endsWith('.safetensors'));
        const bytes = await readFile(join(records, name));
        bytes[bytes.length - 1] ^= 1;
        await writeFile(join(records, name), bytes);
        await choose(/^recorded: /);
        expect(await statusAfter(page, () => press(page, 'button', 'Compare'))).toContain('failed');
        await expect.poll(() => alertIn(page, '.bench')).toContain('its checksum differs');
      });
    });
  });

  async function add(address: string, token: string): Promise<void> {
    await openRemotes(page);
    await addRemote(page, address, token);
  }

  /** Opens the dialog and chooses the remote of that name alone. */
  async function choose(name: RegExp): Promise<void> {
    await openRemotes(page);
    const row = await page.waitForSelector('dialog[open] .remotes li');
    expect(await row!.$eval('strong', (e) => e.textContent)).toMatch(name);
    await page.locator('dialog .remotes input').click();
  }
});
