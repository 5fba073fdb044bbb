/**
 * @file Lecture mode: type is larger everywhere, the program shows the lines that matter, a ring follows the pointer;
 * it survives a reload, is part of a link, and goes as it came.
 */
import type { Page } from 'puppeteer';
import { beforeAll, expect, test } from 'vitest';
import type { Playground } from '../support/browser.ts';
import { pressInMenu, ready, run, showPane, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

const program = `import { torch, F } from 'wudnn';
function helper(a) {
return a + 1;
}
export const y = F.conv2d(torch.ones(1, 1, 8, 8).to('webgpu'), torch.ones(1, 1, 3, 3).to('webgpu'));
`;

describeWith(['browser'], 'lecture mode', () => {
  let page: Page;
  let playground: Playground;
  pageForAll((opened, of) => ([page, playground] = [opened, of]));
  beforeAll(async () => {
    await write(page, program);
    await showPane(page, 'Memory'); // whose pictures need a run with instruments
    await run(page);
  });

  const sizeOf = (selector: string): Promise<number> =>
    page.$eval(selector, (element) => parseFloat(getComputedStyle(element).fontSize));
  const code = (): Promise<string> =>
    page.$$eval('.monaco .view-line', (lines) =>
      lines.map((line) => line.textContent!.replaceAll('\u00a0', ' ')).join('\n'),
    );
  /** Escape closes the menu, which else stays for the next setting. */
  const toggle = async (): Promise<void> => {
    await pressInMenu(page, 'Settings', 'Lecture mode');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('details.settings[open]'));
  };

  test('makes all type 1.4 times as large, folds helpers, and goes again', async () => {
    const places = ['body', '.sentence', '.tab button', '.status'];
    const before = await Promise.all(places.map(sizeOf));
    await toggle();
    const after = await Promise.all(places.map(sizeOf));
    after.forEach((size, i) => expect(size).toBeCloseTo(1.4 * before[i], 3));
    await expect.poll(() => sizeOf('.monaco .view-line')).toBe(18);
    await expect.poll(code).not.toContain('return a');
    expect(await code()).toContain('export const y');
    await expectNoViolations(page);
    await toggle();
    expect(await Promise.all(places.map(sizeOf))).toEqual(before);
    await expect.poll(code).toContain('return a');
    await expect.poll(() => sizeOf('.monaco .view-line')).toBe(13);
  });

  test('a ring follows the pointer', async () => {
    expect(await page.$('.pointer-ring')).toBeNull();
    await toggle();
    await page.mouse.move(400, 300);
    const middle = await page.$eval('.pointer-ring', (ring) => {
      const { left, top, width, height } = ring.getBoundingClientRect();
      return [left + width / 2, top + height / 2, getComputedStyle(ring).visibility];
    });
    expect([Math.round(middle[0] as number), Math.round(middle[1] as number), middle[2]]).toEqual([
      400,
      300,
      'visible',
    ]);
    await toggle();
  });

  test('what a picture tells is what the pointer is on', async () => {
    await toggle();
    const picture = (await page.waitForSelector('.memory .picture svg'))!;
    await picture.scrollIntoView();
    // The outline is around the column under the pointer.
    await expect
      .poll(async () => {
        const box = (await picture.boundingBox())!;
        const x = box.x + box.width - 20;
        await page.mouse.move(x, box.y + box.height / 2);
        return page.evaluate((at) => {
          const outline = document.querySelector('.memory svg .outline')?.getBoundingClientRect();
          return outline !== undefined && outline.left <= at && at <= outline.right;
        }, x);
      })
      .toBe(true);
    await toggle();
  });

  test('it survives a reload, and a link brings it', async () => {
    await toggle();
    await page.reload();
    await ready(page);
    expect(await sizeOf('body')).toBeCloseTo(1.4 * 14, 3);
    await toggle();
    await page.goto(`${playground.url}icon.svg`); // else only the part behind # would change
    await page.goto(`${playground.url}#v=1&lecture=on`);
    await ready(page);
    expect(await sizeOf('body')).toBeCloseTo(1.4 * 14, 3);
  });
});
