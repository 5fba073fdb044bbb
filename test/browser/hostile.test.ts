/**
 * @file Intent: a visitor's program cannot get out of where it runs, whichever way the page is served: it reaches no
 * address, no storage and no code, it makes nothing happen in the page, and it leaves nothing behind for the next
 * program.
 */
import type { Browser, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtSite } from '../../src/bridge/built-site.ts';
import type { PageServer } from '../../src/bridge/serve.ts';
import { serve } from '../../src/bridge/serve.ts';
import type { Playground } from '../support/browser.ts';
import { alertIn, paneText, press, startBrowser, startPlayground, statusOf, write } from '../support/browser.ts';
import type { Container } from '../support/container.ts';
import { startContainer } from '../support/container.ts';
import type { Canary } from '../support/hostile.ts';
import { escapes, falsifies, floods, rewrites, startCanary, wayNames } from '../support/hostile.ts';
import { describeWith } from '../support/needs.ts';
import { serveFolder } from '../support/site.ts';

let container: Container;

/** The page beside Jupyter, in a browser that is logged in. */
async function serveByContainer(): Promise<PageServer> {
  container = await startContainer(await builtSite());
  const { address, token, stop } = container;
  return { url: `${address}wudnn/`, entry: () => `${address}?token=${token}`, close: stop };
}

const served: Readonly<Record<string, () => Promise<PageServer>>> = {
  'npm start': () => serve({ port: 5300 }),
  'a static host': async () => serveFolder(await builtSite(), '/class/'),
  'the container': serveByContainer,
};

describeWith(['browser', 'python'], 'a hostile program', () => {
  let canary: Canary;
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
    canary = await startCanary();
    await fetch(`${canary.origin}/control`); // what arrives is heard
  });
  afterAll(async () => {
    canary.close();
    await browser.close();
  });

  describe.each(Object.keys(served))('under %s', (way) => {
    let site: PageServer;
    let playground: Playground;
    let page: Page;
    beforeAll(async () => {
      site = await served[way]();
      playground = await startPlayground({ site, browser });
    });
    afterAll(() => playground?.close());
    beforeEach(async () => {
      page = await playground.openWith(async (fresh) => {
        await fresh.goto(site.entry());
        await fresh.goto(site.url);
      });
    });
    afterEach(() => page.browserContext().close());

    async function run(program: string): Promise<void> {
      await write(page, program);
      await press(page, 'button', 'Run');
    }
    const printed = (text: string): Promise<unknown> =>
      page.waitForFunction(
        (wanted) => document.querySelector('[role=log]')?.textContent?.includes(wanted),
        { timeout: 100_000, polling: 'mutation' },
        text,
      );

    test('reaches nothing, and nothing hears of it', async () => {
      await page.evaluate(() => {
        new BroadcastChannel('wudnn').addEventListener('message', () => (document.title = 'heard'));
      });
      await run(escapes(canary.origin, site.url));
      expect(await statusOf(page, /Finished|Failed/)).toContain('Finished');
      const console = await paneText(page, 'Console');
      expect(wayNames.filter((name) => !console.includes(`${name}: refused`))).toEqual([]);
      expect(canary.heard).toEqual(['GET /control']);
      expect(await page.title()).not.toBe('heard');
      if (way === 'the container')
        // The page itself is logged in.
        expect(await page.evaluate(async () => (await fetch('../api/kernels')).json())).toEqual([]);
    });

    test('calls nothing in the page, whatever it rewrites, and the next program does not notice', async () => {
      await press(page, 'button', 'Run');
      expect(await statusOf(page, /Finished|Failed/)).toContain('Finished');
      const output = await paneText(page, 'Output');
      await run(rewrites);
      await printed('said all');
      expect(
        await page.evaluate(() => [
          typeof (globalThis as { pwned?: unknown }).pwned,
          fetch.toString().includes('native code'),
          document.querySelectorAll('[role=log] img, [role=log] pre b').length,
        ]),
      ).toEqual(['undefined', true, 0]);
      if (!(await page.$('button:disabled::-p-text(Stop)'))) await press(page, 'button', 'Stop');
      await page.select('.tools select', 'simple-cnn');
      await press(page, 'button', 'Run');
      expect(await statusOf(page, /Finished|Failed/)).toContain('Finished');
      expect(await paneText(page, 'Output')).toBe(output);
    });
  });

  describe('on the page', () => {
    let playground: Playground;
    let page: Page;
    beforeAll(async () => {
      playground = await startPlayground({ browser });
    });
    afterAll(() => playground?.close());
    beforeEach(async () => {
      page = await playground.open();
    });
    afterEach(() => page.browserContext().close());

    /** The plans that the page keeps, by program. */
    const plans = (): Promise<
      { program: string; entry: { key: string; choice: { chosen: string; candidates: object[] } } }[]
    > =>
      page.evaluate(
        () =>
          new Promise<never>((done) => {
            indexedDB.open('wudnn-plans').addEventListener('success', ({ target }) => {
              const database = (target as IDBOpenDBRequest).result;
              const all = database.transaction('plans').objectStore('plans').getAll();
              all.addEventListener('success', () => {
                database.close();
                done(all.result as never);
              });
            });
          }),
      );

    test('falsifies no plan but its own', async () => {
      await press(page, 'button', 'Run');
      expect(await statusOf(page, /Finished|Failed/)).toContain('Finished');
      const measured = (await plans()).filter(({ entry }) => 'choice' in entry);
      expect(measured.map(({ program }) => program)).toEqual(measured.map(() => 'examples'));
      const [{ entry }] = measured;
      await write(
        page,
        falsifies({
          ...entry,
          choice: { ...entry.choice, chosen: 'FALSE', candidates: entry.choice.candidates.slice(0, 1) },
        }),
      );
      await press(page, 'button', 'Run');
      await expect.poll(() => paneText(page, 'Console')).toContain('falsified');
      expect(await statusOf(page, /Finished|Failed/)).toContain('Finished');
      const after = (await plans()).filter((plan) => plan.entry.key === entry.key);
      expect(after.map(({ program, entry: { choice } }) => [program.split(' ')[0], choice.chosen])).toEqual([
        ['examples', entry.choice.chosen],
        ['own', 'FALSE'],
      ]);
      expect(JSON.stringify(await plans())).not.toContain('<b>');
    });

    test('that floods the page ends, and the page goes on', async () => {
      await write(page, floods);
      await press(page, 'button', 'Run');
      expect(await statusOf(page, /sent more than the page can show|Finished/)).toContain('sent more than');
      await page.select('.tools select', 'simple-cnn');
      await press(page, 'button', 'Run');
      expect(await statusOf(page, /Finished|Failed/)).toContain('Finished');
    });

    test('that wants data says so, and reaches what the visitor allows, for that text alone', async () => {
      const asks = `const refused = new Set()
addEventListener('securitypolicyviolation', ({ blockedURI }) => refused.add(blockedURI))
await fetch('https://data.example/x').catch(() => {})
await fetch('https://other.example/x').catch(() => {})
await fetch(${JSON.stringify(`${canary.origin}/x`)}).catch(() => {})
await new Promise((go) => setTimeout(go, 100))
console.log('refused ' + refused.size + ' of 3')
`;
      const notices = (): Promise<string> =>
        page.$$eval('.toolbar .notice', (all) => all.map(({ textContent }) => textContent).join('\n'));
      await write(page, asks);
      await press(page, 'button', 'Run');
      await expect.poll(() => paneText(page, 'Console'), { timeout: 60_000 }).toContain('refused 3 of 3');
      expect(await paneText(page, 'Console')).toContain(`${canary.origin}/x cannot be allowed`);
      expect(await notices()).toMatch(
        /tried to load from https:\/\/data\.example[\s\S]*tried to load from https:\/\/other\.example/,
      );
      await (await page.waitForSelector('.toolbar .notice button'))!.click();
      await expect.poll(() => paneText(page, 'Console'), { timeout: 60_000 }).toContain('refused 2 of 3');
      expect(await notices()).toMatch(
        /tried to load from https:\/\/other\.example[\s\S]*may reach https:\/\/data\.example/,
      );
      await write(page, `${asks}// edited`);
      expect(await notices()).not.toContain('data.example');
      await press(page, 'button', 'Run');
      await expect.poll(() => paneText(page, 'Console'), { timeout: 60_000 }).toContain('refused 3 of 3');
      expect(canary.heard).toEqual(['GET /control']);
    });

    test("a script's click starts no job, and the key is nowhere to be read", async () => {
      expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain('wudnn-bridge-key');
      // The browser takes what a test evaluates for the visitor's doing, for five seconds.
      await page.evaluate(
        () =>
          void setTimeout(
            () =>
              [...document.querySelectorAll('button')]
                .find(({ textContent }) => textContent === 'Compare with remote')!
                .click(),
            6000,
          ),
      );
      await statusOf(page, /failed/);
      expect(await alertIn(page, '.bench')).toContain('no button was pressed');
    });

    test('that frames the page gets nothing to click', async () => {
      const site = await serveFolder(await builtSite(), '/');
      const framing = await serveFolder('test/support/framing', '/');
      const around = await page.browserContext().newPage();
      for (const [url, seen] of [
        [playground.url, undefined],
        [site.url, 'wuDNN does not run inside another page'],
      ] as const) {
        await around.goto(`${framing.url}?${url}`);
        const frame = await (await around.waitForSelector('iframe'))!.contentFrame();
        if (seen === undefined) expect(frame.url()).not.toContain(url);
        else await frame.waitForFunction((text) => document.body.innerText.includes(text), {}, seen);
        expect(await frame.$$('button')).toEqual([]);
      }
      await site.close();
      await framing.close();
    });
  });
});
