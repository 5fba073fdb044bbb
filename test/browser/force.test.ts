/**
 * @file The table of algorithms: each candidate tells what its estimate is made of, and any that can run can be forced from the page.
 */
import type { Page } from 'puppeteer';
import { beforeEach, expect, test } from 'vitest';
import { press, statusOf, textOf, write } from '../support/browser.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

/** Nothing is measured, so that what is chosen is the same in every run. */
const program = (more = ''): string => `import { torch, F } from 'wudnn'
${more}
torch.manualSeed(0)
const x = torch.randn(1, 4, 12, 12).to('webgpu')
const w = torch.randn(8, 4, 3, 3).to('webgpu')
export const y = F.conv2d(x, w)
`;

describeWith(['browser'], 'the table of algorithms', () => {
  let page: Page;
  pageForEach((opened) => (page = opened));
  beforeEach(async () => {
    await write(page, program());
    await press(page, 'button', 'Run');
    await statusOf(page, /^Finished/);
  });

  const algorithmOf = (): Promise<string> => page.$eval('.chosen .reveal', (e) => e.textContent!);
  const buttons = (label: RegExp): Promise<string[]> =>
    page.$$eval(
      '.algorithms button[aria-label]',
      (all, source) => all.map((e) => e.getAttribute('aria-label')!).filter((name) => new RegExp(source).test(name)),
      label.source,
    );
  /** Runs by what a button of the table does; the text of the heading above the candidates tells when it has. */
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
    await press(page, 'button', 'Run');
    expect(await statusOf(page, /Failed/)).toContain('Failed');
    expect(await textOf(page, 'region', 'Console')).toMatch(
      /conv2d forward by GEMM: needs \d+ bytes of workspace, workspaceLimit is 0/,
    );
    await press(page, 'button', 'Release all');
    await statusOf(page, /^Finished/);
    expect(await algorithmOf()).not.toBe('GEMM');
  });

  test.each([1440, 390])('is as wide as its place on a page of %i pixels', async (width) => {
    await page.setViewport({ width, height: 900 });
    expect(await page.$eval('.candidates', (e) => e.scrollWidth - e.clientWidth)).toBe(0);
  });
});
