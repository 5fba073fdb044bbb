/**
 * @file The crossover map as a visitor uses it: by the model at once, measured by a press, paused and resumed; what it
 * shows is the least of its CSV.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { press, showPane } from '../support/browser.ts';
import { downloadFrom } from '../support/download.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

/** By cell, the algorithm of the row with the least time. */
function leastOf(csv: string): Map<string, string> {
  const least = new Map<string, string[]>();
  for (const row of csv.trim().split('\n').slice(1)) {
    const fields = row.match(/"[^"]*"|[^,]+|(?<=,)(?=,)/g)!;
    const cell = `${fields[0]} ${fields[1]}`;
    if (!(Number(least.get(cell)?.[4]) <= Number(fields[4]))) least.set(cell, fields);
  }
  return new Map([...least].map(([cell, fields]) => [cell, fields[2]]));
}

describeWith(['browser'], 'the crossover map', () => {
  let page: Page;
  pageForEach((opened) => (page = opened));

  const labels = () => page.$$eval('.map td button', (all) => all.map((one) => one.getAttribute('title')!));
  const full = () =>
    page.waitForFunction(() => {
      const all = [...document.querySelectorAll('.map td button')];
      return all.length > 0 && all.every((one) => !one.getAttribute('title')!.endsWith('open'));
    });
  const choose = (label: string, value: string) =>
    page.evaluate(
      (text, wanted) => {
        const menu = [...document.querySelectorAll('.map label')].find((one) => one.textContent!.startsWith(text))!;
        const select = menu.querySelector('select')!;
        select.value = wanted;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      },
      label,
      value,
    );

  test('the model fills it, cells are the least of the CSV, and a press on one shows its race', async () => {
    await showPane(page, 'Map');
    await full();
    const cells = await labels();
    expect(cells.length).toBe(48);
    const { bytes } = await downloadFrom(page, () => press(page, 'button', 'Save CSV'));
    const csv = new TextDecoder().decode(bytes);
    const least = leastOf(csv);
    for (const label of cells) {
      const [, x, y, winner] = /^C (\d+), R (\d+): (\w+) /.exec(label)!;
      expect(winner, label).toBe(least.get(`${x} ${y}`));
    }
    expect(csv).toContain(',predicted,forward,float32,');
    await page.focus('.map td button[tabindex="0"]');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.map .card .lane');
    const [first] = await page.$$eval('.map .card .reveal', (all) => all.map((one) => one.textContent));
    expect((await labels())[1]).toContain(`: ${first} `);
    expect(await page.$$('.map .card .act button')).toEqual([]);
    await expectNoViolations(page);
  });

  test('measured cells are kept: a map that is paused goes on where it was, other sizes are other cells', async () => {
    await showPane(page, 'Map');
    await full();
    await choose('Across', 'N');
    await choose('Down', 'STRIDE');
    await press(page, 'button', 'Measured');
    await press(page, 'button', 'Measure 12 cells');
    const known = () => labels().then((all) => all.filter((label) => !label.endsWith('open')).length);
    await expect.poll(known).toBeGreaterThan(0);
    await press(page, 'button', 'Pause');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.map button')].some((one) => /^Measure \d+ cells?$/.test(one.textContent!)),
    );
    await press(page, 'button', 'By the model');
    await full();
    await press(page, 'button', 'Measured');
    expect(await known()).toBeGreaterThan(0);
    expect(await page.$eval('.map .summary', (one) => one.textContent)).toMatch(/^Measured: \w+ wins \d+ of \d+ cells/);
  });
});
