/**
 * @file The tour: it comes at the first visit and never again, is led by keys or the pointer, ends when it is told to,
 * and stands in nobody's way.
 */
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tourSteps } from '../../src/playground/tour/steps.ts';
import type { Playground } from '../support/browser.ts';
import { press, pressInMenu, ready, startPlayground, statusOf } from '../support/browser.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

describeWith(['browser'], 'the tour', () => {
  let playground: Playground;
  let page: Page;
  beforeAll(async () => {
    playground = await startPlayground({ tour: true });
    page = await playground.open();
  });
  afterAll(() => playground.close());

  const shows = (step: number) =>
    page.waitForFunction(
      (title) => document.querySelector('.tour .card h2')?.textContent === title,
      {},
      tourSteps[step].title.en,
    );
  /** Whether the ring is around the target of the step, where that is in the window. */
  const pointsAt = (step: number) =>
    page.waitForFunction(
      (target) => {
        const ring = document.querySelector('.tour .ring')?.getBoundingClientRect();
        const box = document.querySelector(target)?.getBoundingClientRect();
        return ring && box && Math.abs(ring.left - Math.max(2, box.left - 4)) < 1 && ring.width > 20;
      },
      {},
      tourSteps[step].target,
    );
  const isGone = () => page.waitForFunction(() => !document.querySelector('.tour'));

  test('comes at the first visit, and keys lead through it to its end', async () => {
    for (const [step] of tourSteps.entries()) {
      await shows(step);
      await pointsAt(step);
      if (step === 0) await expectNoViolations(page);
      if (step === 2) {
        await page.keyboard.press('ArrowLeft');
        await shows(1);
        await page.keyboard.press('ArrowRight');
        await shows(2);
      }
      await page.keyboard.press(step < tourSteps.length - 1 ? 'ArrowRight' : 'Enter');
    }
    await isGone();
    expect(await page.$eval('#tab-step', (tab) => tab.getAttribute('aria-selected'))).toBe('true');
  });

  test('never comes again, but by the menu; Escape ends it', async () => {
    await page.reload();
    await ready(page);
    expect(await page.$('.tour')).toBeNull();
    await pressInMenu(page, 'Settings', 'Take the tour');
    await shows(0);
    await page.keyboard.press('Escape');
    await isGone();
  });

  test('stands in nobody’s way: Run runs, and leads on', async () => {
    await pressInMenu(page, 'Settings', 'Take the tour');
    await press(page, 'button', 'Next');
    await shows(1);
    await press(page, 'button', 'Run');
    await shows(2);
    await statusOf(page, /^Finished/);
    await press(page, 'button', 'Skip the tour');
    await isGone();
  });

  test('is docked at the foot of a narrow page, and leaves room for what it shows', async () => {
    await page.setViewport({ width: 390, height: 844 });
    await pressInMenu(page, 'Settings', 'Take the tour');
    for (const [step] of tourSteps.entries()) {
      await shows(step);
      const card = await page.$eval('.tour .card', (e) => e.getBoundingClientRect().toJSON() as DOMRect);
      expect([card.left >= 0, card.right <= 390, card.bottom <= 844]).toEqual([true, true, true]);
      await page.click('.tour .primary');
    }
    await isGone();
  });

  test('does not come where a link opens a program', async () => {
    const address = `${await page.evaluate(() => location.origin + location.pathname)}#v=1&example=shapes`;
    const other = await page.browserContext().newPage();
    await page.evaluate(() => localStorage.removeItem('wudnn:tour'));
    await other.goto(address);
    await statusOf(other, /^Ready/);
    expect(await other.$('.tour')).toBeNull();
    expect(await other.evaluate(() => localStorage.getItem('wudnn:tour'))).toBeNull();
  });
});
