/**
 * Intent: a visitor reads the whole page in the language that they chose, now and on the next visit; nothing of it
 * stands in another language without saying so.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { paneIds, panes } from '../../src/playground/panes/index.ts';
import { press, pressInMenu, ready, run, statusAfter } from '../support/browser.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

/** Visible texts with three English words in a row that are not marked as English, nor code, nor names in Chinese. */
const englishTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const words = /[A-Za-z][a-z]+\S*\s+[a-z]{2,}\S*\s+[a-z]{2,}/;
    const han = /\p{Script=Han}/u;
    const others = '[lang=en], code, pre, kbd, textarea, select, noscript, .monaco';
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set<string>();
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const [parent, text] = [node.parentElement!, node.textContent!.trim()];
      if (
        words.test(text) &&
        !han.test(text) &&
        !parent.closest(others) &&
        parent.checkVisibility({ visibilityProperty: true })
      )
        found.add(text);
    }
    return [...found];
  });

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

const htmlLang = (page: Page): Promise<string> => page.evaluate(() => document.documentElement.lang);

describeWith(['browser'], 'the page in Chinese', () => {
  let page: Page;
  pageForEach((opened) => (page = opened), 'forgotten');

  test('has no English sentence in any pane after a run, fits a phone, and stays Chinese', async () => {
    expect(await htmlLang(page)).toBe('en');
    expect(await run(page)).toMatch(/^Finished in/);
    await pressInMenu(page, 'Settings', '中文');
    expect(await htmlLang(page)).toBe('zh-Hans');
    expect(await page.$eval('.status', (e) => e.textContent)).toMatch(/^运行完成，用时 /);

    await page.$$eval('.menu.panes input', (boxes) => {
      for (const box of boxes) if (!box.checked) box.click();
    });
    for (const pane of paneIds) {
      await press(page, 'tab', panes[pane].title.zh);
      await page.waitForSelector(`#pane-${pane} .panel`);
      if (pane === 'graph') await statusAfter(page, () => press(page, 'button', '查看这次运行的内部'));
      expect(await englishTexts(page), pane).toEqual([]);
    }

    await page.setViewport({ width: 390, height: 844 });
    for (const pane of paneIds) {
      await press(page, 'tab', panes[pane].title.zh);
      expect(await overflow(page), pane).toBe(0);
    }

    await page.reload();
    await page.waitForSelector('.status[data-busy=false]');
    expect(await htmlLang(page)).toBe('zh-Hans');
  });

  test('is what a link asks for, whatever was chosen', async () => {
    await page.goto(`${page.url().split('#')[0]}#v=1&lang=zh-Hans`);
    await page.reload();
    await page.waitForFunction(() => document.documentElement.lang === 'zh-Hans');
    expect(await page.$eval('.masthead .primary', (e) => e.textContent)).toBe('运行');
    await page.goto(`${page.url().split('#')[0]}#v=1&lang=en`);
    await page.reload();
    await ready(page);
    expect(await page.$eval('.masthead .primary', (e) => e.textContent)).toBe('Run');
  });
});
