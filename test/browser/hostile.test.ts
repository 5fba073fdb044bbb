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
import { alertIn, paneText, press, run, startBrowser, startPlayground, statusOf, write } from '../support/browser.ts';
import type { Container } from '../support/container.ts';
import { startContainer } from '../support/container.ts';
import type { Canary } from '../support/hostile.ts';
import { escapes, falsifies, floods, rewrites, startCanary, wayNames } from '../support/hostile.ts';
import { isKept } from '../support/kept.ts';
import { describeWith } from '../support/needs.ts';
import { storedPlans } from '../support/plans.ts';
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
        if (way === 'a static host') await isKept(fresh); // from now on its service worker gives the engine's frame
        await fresh.goto(site.url);
      });
    });
    afterEach(() => page.browserContext().close());

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
      await write(page, escapes(canary.origin, site.url));
      expect(await run(page)).toContain('Finished');
      await printed('all tried');
      const console = await paneText(page, 'Console');
      expect(wayNames.filter((name) => !console.includes(`${name}: refused`))).toEqual([]);
      expect(canary.heard).toEqual(['GET /control']);
      expect(await page.title()).not.toBe('heard');
      if (way === 'the container')
        // The page itself is logged in.
        expect(await page.evaluate(async () => (await fetch('../api/kernels')).json())).toEqual([]);
    });

    test('calls nothing in the page, whatever it rewrites, and the next program does not notice', async () => {
      expect(await run(page)).toContain('Finished');
      const output = await paneText(page, 'Output');
      await write(page, rewrites);
      await press(page, 'button', 'Run');
      await printed('said all');
      expect(
        await page.evaluate(() => [
          typeof (globalThis as { pwned?: unknown }).pwned,
          fetch.toString().includes('native code'),
          document.querySelectorAll('[role=log] img, [role=log] pre b').length,
        ]),
      ).toEqual(['undefined', true, 0]);
      await page.$eval('button::-p-text(Stop)', (e) => (e as HTMLButtonElement).click()); // in vain where it has ended
      await page.waitForSelector('.status[data-busy=false]');
      await page.select('.tools select', 'simple-cnn');
      expect(await run(page)).toContain('Finished');
      await expect.poll(() => paneText(page, 'Output')).toBe(output);
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

    test('falsifies no plan but its own', async () => {
      expect(await run(page)).toContain('Finished');
      const measured = (await storedPlans(page)).filter(({ entry }) => entry.choice);
      expect(new Set(measured.map(({ program }) => program))).toEqual(new Set(['examples']));
      const [{ entry }] = measured;
      const { chosen, candidates } = entry.choice!;
      await write(
        page,
        falsifies({ ...entry, choice: { ...entry.choice, chosen: 'FALSE', candidates: candidates.slice(0, 1) } }),
      );
      expect(await run(page)).toContain('Finished');
      await expect.poll(() => paneText(page, 'Console')).toContain('falsified');
      const after = (await storedPlans(page)).filter((plan) => plan.entry.key === entry.key);
      expect(after.map((plan) => [plan.program.split(' ')[0], plan.entry.choice!.chosen])).toEqual([
        ['examples', chosen],
        ['own', 'FALSE'],
      ]);
      expect(JSON.stringify(await storedPlans(page))).not.toContain('<b>');
    });

    test('that floods the page ends, and the page goes on', async () => {
      await write(page, floods);
      expect(await run(page)).toContain('sent more than');
      await page.select('.tools select', 'simple-cnn');
      expect(await run(page)).toContain('Finished');
    });

    test('that wants data says so, and reaches what the visitor allows, for that text alone', async () => {
      // The last of them is refused whatever the visitor allows, so that all have been told when it is.
      const asks = `const refused = new Set()
const last = ${JSON.stringify(`${canary.origin}/x`)}
const all = new Promise((told) =>
addEventListener('securitypolicyviolation', ({ blockedURI }) => {
refused.add(blockedURI)
if (blockedURI === last) told()
}))
await fetch('https://data.example/x').catch(() => {})
await fetch('https://other.example/x').catch(() => {})
await fetch(last).catch(() => {})
await all
console.log('refused ' + refused.size + ' of 3')
`;
      const notices = (): Promise<string> =>
        page.$$eval('.toolbar .notice', (all) => all.map(({ textContent }) => textContent).join('\n'));
      await write(page, asks);
      await run(page);
      await expect.poll(() => paneText(page, 'Console')).toContain('refused 3 of 3');
      await expect.poll(() => paneText(page, 'Console')).toContain(`${canary.origin}/x cannot be allowed`);
      await expect
        .poll(notices)
        .toMatch(/tried to load from https:\/\/data\.example[\s\S]*tried to load from https:\/\/other\.example/);
      await page.locator('.toolbar .notice button').click();
      await expect.poll(() => paneText(page, 'Console')).toContain('refused 2 of 3');
      await expect
        .poll(notices)
        .toMatch(/tried to load from https:\/\/other\.example[\s\S]*may reach https:\/\/data\.example/);
      await write(page, `${asks}// edited`);
      await expect.poll(notices).not.toContain('data.example');
      await run(page);
      await expect.poll(() => paneText(page, 'Console')).toContain('refused 3 of 3');
      expect(canary.heard).toEqual(['GET /control']);
    });

    test("a script's click starts no job, and the key is nowhere to be read", async () => {
      expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain('wudnn-bridge-key');
      // The browser takes what a test evaluates for the visitor's doing, so a fresh document clicks before any is.
      await page.evaluateOnNewDocument(() => {
        if (self !== top) return;
        const watch = setInterval(() => {
          if (document.querySelector('.status')?.textContent !== 'Ready.') return;
          clearInterval(watch);
          [...document.querySelectorAll('button')]
            .find(({ textContent }) => textContent === 'Compare with remote')!
            .click();
          console.log(`a script clicked; active: ${navigator.userActivation.hasBeenActive}`);
        }, 20);
      });
      const clicked = new Promise<string>((resolve) => {
        page.on('console', (message) => message.text().startsWith('a script clicked') && resolve(message.text()));
      });
      await page.goto(playground.url);
      expect(await clicked).toBe('a script clicked; active: false');
      expect(await statusOf(page, /failed/)).toContain('The comparison failed');
      await expect.poll(() => alertIn(page, '.bench')).toContain('no button was pressed');
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
