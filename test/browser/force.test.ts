/**
 * @file The race: each candidate tells what its estimate is made of, and any that can run can be forced
 * from the page.
 */
import type { Page } from 'puppeteer';
import { beforeAll, expect, test } from 'vitest';
import { paneText, press, run, statusOf, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

/** Nothing is measured, so that what is chosen is the same in every run. */
const program = (more = ''): string => `import { torch, F } from 'wudnn'
${more}
torch.manualSeed(0)
const x = torch.randn(1, 4, 12, 12).to('webgpu')
const w = torch.randn(8, 4, 3, 3).to('webgpu')
export const y = F.conv2d(x, w)
`;

describeWith(['browser'], 'the race', () => {
  let page: Page;
  pageForAll((opened) => (page = opened));
  beforeAll(async () => {
    await write(page, program());
    expect(await run(page)).toMatch(/^Finished/);
  });

  const algorithmOf = (): Promise<string> => page.$eval('.chosen .reveal', (e) => e.textContent!);
  const buttons = (label: RegExp): Promise<string[]> =>
    page.$$eval(
      '.lanes .act button[aria-label]',
      (all, source) => all.map((e) => e.getAttribute('aria-label')!).filter((name) => new RegExp(source).test(name)),
      label.source,
    );
  /** Runs by what a button of a lane does; the text of the heading above the lanes tells when it has. */
  async function pressAndSee(label: string, source: string): Promise<void> {
    await page.locator(`button[aria-label="${label}"]`).click();
    await page.waitForFunction((text) => document.querySelector('.source')?.textContent === text, {}, source);
  }

  test('opens a candidate to what its predicted time is the sum of', async () => {
    const [first] = await page.$$('.reveal');
    await first.click();
    const estimate = await page.$eval('.estimate', (e) => (e as HTMLElement).innerText);
    expect(estimate).toMatch(/^Predicted [\d.]+ ms\. The prediction is the sum of/);
    expect(estimate).toMatch(/launches\s+[\d.]+ ms/);
    const total = Number(/[\d.]+/.exec(estimate)![0]);
    const parts = await page.$$eval('.estimate dd.number', (cells) =>
      cells.map((e) => Number.parseFloat(e.textContent!)),
    );
    // Each figure is rounded to a thousandth; what was learned from measurements may be negative.
    expect(Math.abs(parts.reduce((sum, ms) => sum + ms, 0) - total)).toBeLessThanOrEqual(0.0005 * (parts.length + 1));
    await first.click();
    expect(await page.$('.estimate')).toBeNull();
  });

  test('forces each candidate that can run, says so, and lets the engine choose again', async () => {
    const free = await algorithmOf();
    const candidates = await buttons(/^Force/);
    expect(candidates.length).toBeGreaterThan(3);
    for (const label of candidates) {
      const algorithm = /^Force (\w+)/.exec(label)![1];
      await pressAndSee(label, 'forced');
      await page.waitForFunction(
        (name) => document.querySelector('.chosen .reveal')?.textContent === name,
        {},
        algorithm,
      );
      expect(await statusOf(page, /Finished|Failed/)).toContain('Finished');
      expect(await page.$eval('.forced', (e) => e.textContent)).toContain(
        `Forced algorithms: ${algorithm} for conv2d forward`,
      );
    }
    await press(page, 'button', 'Release all');
    await page.waitForFunction((name) => document.querySelector('.chosen .reveal')?.textContent === name, {}, free);
    expect(await page.$('.forced')).toBeNull();
  });

  test('keeps what was forced in later runs, and offers the way back where such a run fails', async () => {
    const label = (await buttons(/^Force GEMM/))[0];
    await pressAndSee(label, 'forced');
    await write(page, program('torch.backends.cudnn.workspaceLimit = 0'));
    expect(await run(page)).toContain('Failed');
    expect(await paneText(page, 'Console')).toMatch(
      /conv2d forward by GEMM: needs \d+ bytes of workspace, workspaceLimit is 0/,
    );
    await press(page, 'button', 'Release all');
    await statusOf(page, /^Finished/);
    expect(await algorithmOf()).not.toBe('GEMM');
  });

  test('opens the other configurations of an algorithm, and forces one of them', async () => {
    await write(page, program());
    await run(page);
    const [reveal] = await page.$$('.lane:has(.act button[aria-label^="Force GEMM"]) .reveal');
    await reveal.click();
    await page.click('.all .out summary');
    const button = (await page.$('.all .out button'))!;
    const [, config] = /^Force GEMM, (.*), for/.exec((await button.evaluate((e) => e.getAttribute('aria-label')))!)!;
    await button.click();
    await page.waitForFunction((text) => document.querySelector('.chosen small')?.textContent === text, {}, config);
    await press(page, 'button', 'Release all');
    await page.waitForFunction(() => !document.querySelector('.forced'));
    await statusOf(page, /^Finished/);
  });

  test('has the limit of workspace as a line, which is moved by keys and dragged, and holds in the next run', async () => {
    const line = (await page.$('.limit [role=slider]'))!;
    const said = (): Promise<string | null> => line.evaluate((e) => e.getAttribute('aria-valuetext'));
    expect(await said()).toBe('no limit');
    await line.focus();
    await page.keyboard.press('Home');
    expect(await said()).toBe('0 B');
    expect(await page.$eval('.lane.beyond', (e) => e.textContent)).toContain('beyond the limit');
    await run(page);
    expect(await page.$$eval('.out', (all) => all.map((e) => e.textContent).join())).toMatch(
      /needs \d+ bytes of workspace, workspaceLimit is 0/,
    );
    // All lanes that are left need none, and with them the line is gone; the chip takes the limit back.
    expect(await page.$('.limit')).toBeNull();
    await page.click('.chip');
    await run(page);
    const { x, y, width } = (await (await page.waitForSelector('.limit'))!.boundingBox())!;
    await page.mouse.move(x + width, y + 10);
    await page.mouse.down();
    await page.mouse.move(x - 10, y + 10, { steps: 4 });
    await page.mouse.up();
    expect(await page.$eval('.limit [role=slider]', (e) => e.getAttribute('aria-valuetext'))).toBe('0 B');
    await page.click('.chip');
  });

  test('says the run in a sentence, and leads from there to the reason', async () => {
    const sentence = await page.$eval('.sentence', (e) => e.textContent);
    const chosen = await algorithmOf();
    expect(sentence).toMatch(
      new RegExp(
        `^conv2d: ${chosen}, [\\d.]+ [µm]s by the model\\. (\\w+ is ≈ .* slower by the model|The model expects \\w+ to be as fast)\\. Nothing was measured`,
      ),
    );
    await press(page, 'button', 'Why did it win?');
    await page.waitForSelector('.lane.chosen .estimate');
    await page.click('.lane.chosen .reveal');
  });

  test.each([1440, 390])('is as wide as its place on a page of %i pixels', async (width) => {
    await page.setViewport({ width, height: 900 });
    expect(await page.$eval('.race', (e) => e.scrollWidth - e.clientWidth)).toBe(0);
  });
});
