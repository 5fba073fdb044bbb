/**
 * @file Intent: after the first visit the static site opens without a network, below any path of its host, and runs
 * programs, shut in as ever; what `npm start` serves has no service worker.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtSite } from '../../src/bridge/built-site.ts';
import type { PageServer } from '../../src/bridge/serve.ts';
import type { Playground } from '../support/browser.ts';
import { paneText, ready, run, showPane, startBrowser, startPlayground, write } from '../support/browser.ts';
import { describeWith } from '../support/needs.ts';
import { isKept } from '../support/kept.ts';
import { serveFolder } from '../support/site.ts';

/** Tells where it runs, and what it can reach of the page's host. */
const looksAround = `
console.log('origin', globalThis.origin);
try { localStorage; console.log('has storage'); } catch { console.log('no storage'); }
try { caches; await caches.keys(); console.log('has caches'); } catch { console.log('no caches'); }
console.log('looked around');
`;

describeWith(['browser'], 'without a network', () => {
  let browser: Browser;
  let folder: string;
  let site: PageServer;
  let playground: Playground;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser();
    folder = await mkdtemp(join(tmpdir(), 'wudnn-offline-'));
    await cp(await builtSite(), folder, { recursive: true });
    site = await serveFolder(folder, '/class/of/2026/');
    playground = await startPlayground({ site, browser });
    page = await playground.open();
    await isKept(page);
    await site.close(); // for good
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('the page opens again, with its editor and the recorded race, and runs', async () => {
    await expect(fetch(site.url)).rejects.toThrow();
    await page.reload();
    await ready(page);
    expect(await page.$eval('.headline', (e) => e.textContent)).toContain('Recorded');
    expect(await run(page)).toMatch(/^Finished in .* on webgpu\.$/);
    await expect.poll(() => paneText(page, 'Console')).toContain('output shape: [4, 16, 16, 16]');
  });

  test('a pane that was never open is there', async () => {
    await showPane(page, 'Step');
    await page.waitForSelector('.step .grids');
  });

  test('a program has no origin, and nothing of the page', async () => {
    await write(page, looksAround);
    expect(await run(page)).toContain('Finished');
    await expect.poll(() => paneText(page, 'Console')).toContain('looked around');
    const said = await paneText(page, 'Console');
    expect(said).toContain('origin null');
    expect(said).toContain('no storage');
    expect(said).toContain('no caches');
    expect(await page.$eval('iframe.engine', (frame) => (frame as HTMLIFrameElement).contentDocument)).toBeNull();
  });

  test('another page of the site opens, too', async () => {
    const embed = await page.browserContext().newPage();
    await embed.goto(`${site.url}embed.html`);
    await embed.waitForSelector('.headline');
    await embed.close();
  });

  test('what npm start serves keeps nothing: it is there as long as its bridge is', async () => {
    const served = await startPlayground({ browser });
    const other = await served.open();
    expect(await other.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
    await served.close();
  });
});
