/**
 * @file Intent: another page may show a program's result and let its readers run it, and nothing else: the page itself
 * does not run there, and what is shown there reaches no other host.
 */
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Frame, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtSite } from '../../src/bridge/built-site.ts';
import type { PageServer } from '../../src/bridge/serve.ts';
import { serve } from '../../src/bridge/serve.ts';
import { writeLink } from '../../src/playground/link.ts';
import { cardOf } from '../../src/playground/result-card.ts';
import type { RecordedRace } from '../../src/session/protocol.ts';
import { startBrowser } from '../support/browser.ts';
import { describeWith } from '../support/needs.ts';
import { serveFolder } from '../support/site.ts';

const program = "import { torch } from 'wudnn'\nexport const y = torch.ones(3).add(1)\n";
const { choices } = JSON.parse(readFileSync('public/first-race.json', 'utf8')) as RecordedRace;
const result = cardOf({ at: Date.UTC(2026, 10, 30), choices }, undefined, {})!;
const hash = `#${writeLink({ program, result })}`;

describeWith(['browser'], 'in another page', () => {
  let site: PageServer;
  /** What `npm start -- --frame-by` serves, named below `start/` of the page around it. */
  let started: PageServer;
  let outer: Server;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    site = await serveFolder(await builtSite(), '/site/');
    outer = createServer(({ url }, response) => {
      const path = url!.slice(1);
      const from = path.startsWith('start/') ? started.url + path.slice('start/'.length) : site.url + path;
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<!doctype html><iframe src="${from}${hash}" width="800" height="700"></iframe>`);
    });
    await new Promise<void>((resolve) => outer.listen(0, resolve));
    started = await serve({ port: 5290, frameBy: [`http://localhost:${(outer.address() as AddressInfo).port}`] });
    browser = await startBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(180_000);
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise((resolve) => outer.close(resolve));
    await site?.close();
    await started?.close();
  });

  /** What a page of another origin shows of ours. */
  async function framed(path: string): Promise<Frame> {
    await page.goto(`http://localhost:${(outer.address() as AddressInfo).port}/${path}`);
    const frame = await (await page.waitForSelector('iframe'))!.contentFrame();
    await frame.waitForSelector('#page > *');
    return frame;
  }

  const textIn = (frame: Frame, selector: string): Promise<string> =>
    frame.waitForSelector(selector).then((element) => element!.evaluate((e) => (e as HTMLElement).innerText));
  const until = (frame: Frame, status: RegExp): Promise<unknown> =>
    frame.waitForFunction(
      (source) => new RegExp(source).test(document.querySelector('.status')?.textContent ?? ''),
      {},
      status.source,
    );

  test('the page itself does not run', async () => {
    expect(await textIn(await framed('index.html'), '[role=alert]')).toMatch(/^wuDNN does not run inside another page/);
  });

  test("the result is shown as recorded; Run shows the reader's own, and the whole is a link away", async () => {
    const frame = await framed('embed.html');
    await until(frame, /Ready/);
    expect(await textIn(frame, '.headline')).toMatch(/^Recorded conv1: /);
    expect(await frame.$('.tensor')).toBeNull();
    expect(await frame.$eval('header a', (a) => (a as HTMLAnchorElement).href)).toBe(`${site.url}${hash}`);
    await (await frame.$('header button'))!.click();
    await until(frame, /Finished|Failed/);
    expect(await textIn(frame, '.status')).toMatch(/^Finished/);
    expect(await textIn(frame, '.tensor')).toContain('[3]');
    expect(await frame.$('.recorded-label')).toBeNull();
  });

  test('`npm start -- --frame-by` lets the page that it names show a result and run it, and no other', async () => {
    const frame = await framed('start/embed.html');
    await until(frame, /Ready/);
    expect(await textIn(frame, '.headline')).toMatch(/^Recorded conv1: /);
    await (await frame.$('header button'))!.click();
    await until(frame, /Finished|Failed/);
    expect(await textIn(frame, '.status')).toMatch(/^Finished/);

    await page.goto(`http://127.0.0.1:${(outer.address() as AddressInfo).port}/start/embed.html`);
    await expect.poll(() => page.frames().map((each) => each.url())).toContain('chrome-error://chromewebdata/');
  });

  test('what is shown reaches no host but its own', async () => {
    const frame = await framed('embed.html');
    const reach = (url: string): Promise<boolean> =>
      frame.evaluate(
        (to) =>
          fetch(to, { mode: 'no-cors' }).then(
            () => true,
            () => false,
          ),
        url,
      );
    expect(await reach('first-race.json')).toBe(true);
    expect(await reach(`http://localhost:${(outer.address() as AddressInfo).port}/`)).toBe(false);
    expect(await frame.$$eval('button', (buttons) => buttons.map((b) => b.textContent))).not.toContain(
      'Compare with remote',
    );
  });
});
