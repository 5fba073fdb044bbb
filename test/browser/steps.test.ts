/**
 * @file The Step pane as a visitor uses it: by buttons, slider and keys, on other sizes and numbers, and from the race.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { walks } from '../../src/playground/stepping.ts';
import { press, run, showPane } from '../support/browser.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

describeWith(['browser'], 'step by step', () => {
  let page: Page;
  pageForEach((opened) => (page = opened));

  const shows = (text: string) =>
    page.waitForFunction((t) => document.querySelector('.step')?.textContent?.includes(t), {}, text);
  const numbersOf = (title: string) =>
    page.$eval(`.step table[aria-label="${title}"]`, (table) =>
      [...table.querySelectorAll('td')].map((cell) => cell.textContent),
    );

  test('DIRECT, by keys: each step writes an output, and the last leaves none open', async () => {
    await showPane(page, 'Step');
    await page.waitForSelector('.step .grids');
    await press(page, 'button', 'DIRECT');
    for (let step = 0; step < 2; step++) await page.keyboard.press('ArrowRight');
    await shows('2 of 9');
    await shows('The window over output [0, 0, 1] times filter 0');
    const [first, second, ...open] = await numbersOf('y, the output');
    expect([first, second].every((text) => /^-?\d+$/.test(text!))).toBe(true);
    expect(open.join('')).toBe('');
    await page.keyboard.press('ArrowLeft');
    await shows('1 of 9');
    expect((await numbersOf('y, the output'))[1]).toBe('');
    await press(page, 'button', 'To the end');
    await shows('9 of 9');
    expect((await numbersOf('y, the output')).includes('')).toBe(false);
    await expectNoViolations(page);
  });

  test('another number gives another output; what an algorithm cannot do is said', async () => {
    await showPane(page, 'Step');
    await press(page, 'button', 'WINOGRAD');
    await press(page, 'button', 'To the end');
    await shows('17 of 17');
    const before = await numbersOf('y, the output');
    await page.click('.step .check input');
    const cell = await page.waitForSelector('input[aria-label="x, the input, row 0, column 0"]');
    await cell!.click({ count: 3 });
    await page.keyboard.type('4');
    await page.keyboard.press('Tab');
    await page.waitForFunction(
      (old) => document.querySelector('.step [aria-label="y, the output"] td')!.textContent !== old,
      {},
      before[0]!,
    );
    const after = await numbersOf('y, the output');
    // The filter's first number is −1, and only the first output's window has x[0, 0].
    expect(after.map(Number)).toEqual(before.map((text, i) => Number(text) - (i === 0 ? 4 : 0)));

    await page.select('.step .sizes label:nth-of-type(6) select', '2');
    await shows('WINOGRAD needs stride 1, got 2');
  });

  test('the race leads to the steps of an algorithm', async () => {
    await run(page);
    await press(page, 'button', 'See it happen');
    await page.waitForSelector('.step .grids, .step .notice');
    const shown = await page.$eval('.step .algorithms [aria-pressed=true]', (button) => button.textContent);
    const sentence = await page.$eval('.headline .sentence', (p) => p.textContent!);
    expect(shown).toBe(walks.forward[/: (\w+), /.exec(sentence)![1]]);
  });
});
