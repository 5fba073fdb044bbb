/**
 * Intent: a visitor walks every lesson to its end, in both languages: predicts, runs, sees what this machine shows,
 * opens the answer. The reveal waits for prediction and run. A link opens a lesson, and a reload keeps it.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { lessons } from '../../src/lessons/index.ts';
import { press, pressInMenu, ready, statusAfter } from '../support/browser.ts';
import type { Playground } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

describeWith(['browser'], 'the lessons', () => {
  let page: Page;
  let playground: Playground;
  pageForAll((opened, served) => ([page, playground] = [opened, served]));

  const shows = (text: string) =>
    page.waitForFunction((t) => document.querySelector('.lesson')?.textContent?.includes(t), {}, text);
  const has = (selector: string): Promise<boolean> =>
    page.$eval('.lesson', (e, s) => e.querySelector(s) !== null, selector);
  const textOf = (selector: string): Promise<string> =>
    page.$eval(`.lesson ${selector}`, (e) => (e as HTMLElement).innerText.trim());

  test('a lesson hides its reveal until it was predicted and run', async () => {
    await pressInMenu(page, 'Lesson', `1 ${lessons[0].title.en}`);
    await shows('Predict');
    expect(await has('.found')).toBe(false);
    expect(await statusAfter(page, () => press(page, 'button', 'Run the program'))).toMatch(/^Finished/);
    await shows('Predict first');
    expect(await has('.found')).toBe(false);
    await page.focus('.lesson input[type=radio]');
    await page.keyboard.press('Space'); // the first
    await page.waitForSelector('.lesson .found');
    await expectNoViolations(page);
  });

  test('a reload keeps lesson, run and prediction, and a link names the lesson', async () => {
    await page.reload();
    await ready(page);
    await page.waitForSelector('.lesson .found');
    await press(page, 'button', 'Share…');
    const address = await page.$eval('dialog[open] input[type=url]', (e) => (e as HTMLInputElement).value);
    expect(address).toMatch(/#v=1&lesson=which&lang=en&panes=/); // the program is everybody's
    await page.keyboard.press('Escape');
  });

  test('each is walked to its end in both languages', async () => {
    for (const [i, { title }] of lessons.entries()) {
      await page.waitForFunction((t) => document.querySelector('.lesson h2')?.textContent === t, {}, title.en);
      if (!(await has('.found'))) {
        await page.click('.lesson fieldset label');
        expect(await statusAfter(page, () => press(page, 'button', 'Run the program')), title.en).toMatch(/^Finished/);
        await page.waitForSelector('.lesson .found');
      }
      expect(await textOf('.found'), title.en).toMatch(/^(It holds here|Not shown here)/);
      const english = await textOf('.finding');

      await press(page, 'button', '中文');
      await page.waitForFunction((t) => document.querySelector('.lesson h2')?.textContent === t, {}, title.zh);
      expect(await textOf('.found')).toMatch(/^(在本机成立|本机无法验证)/);
      expect(await textOf('.finding')).not.toBe(english);
      await press(page, 'button', '查看答案');
      await page.waitForSelector('.lesson .answer');
      await press(page, 'button', 'English');

      if (i + 1 < lessons.length) await press(page, 'button', `Next lesson: ${lessons[i + 1].title.en}`);
    }
    await press(page, 'button', 'Lessons');
    await page.waitForSelector('.lesson .contents');
    const done = await page.$$eval('.lesson .contents .hint', (all) => all.length);
    expect(done).toBe(lessons.length);
  });

  test('a link opens the lesson in its language, with its program', async () => {
    await page.goto(`${playground.url}icon.svg`); // else only the part behind # would change
    await page.goto(`${playground.url}#v=1&lesson=im2col&lang=zh-Hans`);
    await page.waitForFunction((t) => document.querySelector('.lesson h2')?.textContent === t, {}, lessons[1].title.zh);
    expect(await page.$eval('.tools select', (e) => (e as HTMLSelectElement).selectedOptions[0].text)).toBe(
      lessons[1].title.zh,
    );
  });
});
