/**
 * @file The page for everybody: no violation that axe-core knows, in light and dark, empty and full, wide and narrow.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { chord, press, pressInMenu, ready, showPane, statusOf, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { openRemotes } from '../support/remote-dialog.ts';
import { violations } from '../support/violations.ts';

describeWith(['browser'], 'accessibility', () => {
  let page: Page;
  pageForAll((opened) => (page = opened));

  test.each(['light', 'dark'])(
    'the %s page has no violation, empty, with results, and with an error',
    async (scheme) => {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.reload();
      await ready(page);
      expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe(scheme);
      expect(await violations(page)).toEqual([]);

      await press(page, 'button', 'Run');
      await statusOf(page, /Finished/);
      expect(await violations(page)).toEqual([]);

      await write(page, "function f() {\n  console.warn('careful')\n  throw new Error('boom')\n}\nf()\n");
      await press(page, 'button', 'Run');
      await statusOf(page, /Failed/);
      expect(await violations(page)).toEqual([]);
      await page.click('.menu summary');
      expect(await violations(page)).toEqual([]);
      await press(page, 'button', 'Delete');
      expect(await violations(page)).toEqual([]);
    },
  );

  test.each(['light', 'dark'])(
    'the %s dialog of remotes has no violation, empty and with an examination in it',
    async (scheme) => {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await openRemotes(page);
      expect(await violations(page)).toEqual([]);
      await page.type('dialog input[type=text]', 'localhost:1024');
      await press(page, 'button', 'Add and check');
      await page.waitForSelector('.examination[aria-busy=false]');
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
    },
  );

  test('the dialog of the link has no violation', async () => {
    await press(page, 'button', 'Share…');
    await page.waitForSelector('dialog[open]');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  test.each(['Choose remotes…', 'Share…'])('the dialog behind “%s” fits a page of 320 pixels', async (button) => {
    await page.setViewport({ width: 320, height: 640 });
    if (button === 'Choose remotes…') await showPane(page, 'Compare');
    await press(page, 'button', button);
    const dialog = await page.waitForSelector('dialog[open]');
    const [outer, body] = await dialog!.evaluate((e) =>
      [e, e.querySelector('.body')!].map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    );
    expect([outer, body]).toEqual([0, 0]);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewport({ width: 1440, height: 900 });
  });

  test('whoever has keys alone leaves the editor, and is told how', async () => {
    await page.waitForSelector('.monaco [aria-label="Program text; Control+M makes Tab leave it"]');
    const inEditor = (): Promise<boolean> =>
      page.evaluate(() => document.querySelector('.editor')!.contains(document.activeElement));
    await page.click('.monaco');
    await chord(page, 'Control', 'M');
    await page.keyboard.press('Tab');
    expect(await inEditor()).toBe(false);
    await page.click('.monaco');
    await chord(page, 'Control', 'M');
    expect(await inEditor()).toBe(true);
  });

  test('the facts about the adapter open and close by keys', async () => {
    const summary = (await page.$('.device summary'))!;
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.device[open]');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.$('.device[open]')).toBeNull();
  });

  test('the theme can be chosen, and is kept', async () => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    await pressInMenu(page, 'Settings', 'Switch to dark colours');
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await pressInMenu(page, 'Settings', 'Switch to light colours');
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'light');
  });

  test.each([320, 390, 768])('a page of %i pixels does not scroll sideways, with results on it', async (width) => {
    await page.setViewport({ width, height: 800 });
    await press(page, 'button', 'Run');
    await statusOf(page, /Finished/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await violations(page)).toEqual([]);
  });
});
