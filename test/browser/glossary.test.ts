/**
 * @file Words explain themselves where they stand, in the race and in the roofline's tables, by pointer and by keys.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { run, showPane } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

describeWith(['browser'], 'the glossary', () => {
  let page: Page;
  pageForAll((opened) => (page = opened));

  const note = async (): Promise<string> => {
    const open = await page.waitForSelector('.note:popover-open b');
    return open!.evaluate((e) => e.parentElement!.textContent!);
  };
  const noteIsGone = () => page.waitForFunction(() => !document.querySelector('.note:popover-open'));

  test('tells what an algorithm is, by its question mark in the race; Escape folds it', async () => {
    await showPane(page, 'Race');
    await page.focus('.lane button[aria-label="What is DIRECT?"]');
    await page.keyboard.press('Enter');
    expect(await note()).toContain('DIRECTThe definition: slides the filter over the image');
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await noteIsGone();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('What is DIRECT?');
  });

  test('tells what a term of the legend means, beside it, and a press elsewhere folds it', async () => {
    await page.locator('.legend button.term::-p-text(workspace)').click();
    expect(await note()).toContain('Device memory that an algorithm needs');
    const places = await page.evaluate(() => {
      const box = (selector: string) => document.querySelector(selector)!.getBoundingClientRect().toJSON() as DOMRect;
      return { note: box('.note:popover-open'), width: innerWidth, height: innerHeight };
    });
    expect(places.note.left).toBeGreaterThanOrEqual(0);
    expect(places.note.right).toBeLessThanOrEqual(places.width);
    expect(places.note.bottom).toBeLessThanOrEqual(places.height);
    await page.click('.headline');
    await noteIsGone();
  });

  test("tells what the roofline's columns are", async () => {
    await showPane(page, 'Roofline');
    await run(page);
    await page.locator('.roofline-table button.term::-p-text(Ops/byte)').click();
    expect(await note()).toContain('Operations a byte');
    await page.keyboard.press('Escape');
  });
});
