/**
 * @file The page for everybody: no violation that axe-core knows, in light and dark, empty and full, wide and narrow.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { chord, press, pressInMenu, ready, run, showPane, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { openRemotes } from '../support/remote-dialog.ts';
import { expectNoViolations } from '../support/violations.ts';

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
      await expectNoViolations(page);

      expect(await run(page)).toMatch(/^Finished/);
      await expectNoViolations(page);

      await write(page, "function f() {\n  console.warn('careful')\n  throw new Error('boom')\n}\nf()\n");
      expect(await run(page)).toMatch(/^Failed/);
      await expectNoViolations(page);
      await page.click('.menu.program summary');
      await expectNoViolations(page);
      await press(page, 'button', 'Delete');
      await expectNoViolations(page);
    },
  );

  test.each(['light', 'dark'])(
    'the %s dialog of remotes has no violation, empty and with an examination in it',
    async (scheme) => {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await openRemotes(page);
      await expectNoViolations(page);
      await page.type('dialog input[type=text]', 'localhost:1024');
      await press(page, 'button', 'Add and check');
      await page.waitForSelector('.examination[aria-busy=false]');
      await expectNoViolations(page);
      await page.keyboard.press('Escape');
    },
  );

  test('the dialog of the link has no violation', async () => {
    await press(page, 'button', 'Share…');
    await page.waitForSelector('dialog[open]');
    await expectNoViolations(page);
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
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await page.setViewport({ width: 1440, height: 900 });
  });

  test('whoever has keys alone leaves the editor, and is told how', async () => {
    await page.waitForSelector('.monaco [aria-label="Program text; Control+M makes Tab leave it"]');
    const focus = (inside: boolean) =>
      page.waitForFunction(
        (wanted) => document.querySelector('.editor')!.contains(document.activeElement) === wanted,
        {},
        inside,
      );
    await page.click('.monaco');
    await focus(true);
    await chord(page, 'Control', 'M');
    await page.keyboard.press('Tab');
    await focus(false);
    await page.click('.monaco');
    await chord(page, 'Control', 'M');
    await focus(true);
  });

  test('the facts about the adapter open and close by keys', async () => {
    const summary = (await page.$('.device summary'))!;
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.device[open]');
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.device:not([open])');
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
    expect(await run(page)).toMatch(/^Finished/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await expectNoViolations(page);
  });
});
