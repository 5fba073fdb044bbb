/**
 * @file The race: each candidate tells what its estimate is made of, and any that can run can be forced
 * from the page.
 */
import type { Page } from 'puppeteer';
import { beforeAll, expect, test } from 'vitest';
import { paneText, press, run, showPane, statusAfter, write } from '../support/browser.ts';
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
  /** Runs by what a button of a lane does. */
  async function force(label: string): Promise<void> {
    const button = page.locator(`button[aria-label="${label}"]`);
    expect(await statusAfter(page, () => button.click()), label).toMatch(/^Finished/);
    await expect.poll(() => page.$eval('.source', (e) => e.textContent)).toBe('forced');
  }
  const release = (): Promise<string> => statusAfter(page, () => press(page, 'button', 'Release all'));

  test('opens a candidate to what its predicted time is the sum of', async () => {
    const [first] = await page.$$('.reveal');
    await first.click();
    const shown = await page.waitForSelector('.estimate');
    const estimate = await shown!.evaluate((e) => (e as HTMLElement).innerText);
    expect(estimate).toMatch(/^Predicted [\d.]+ ms\. The prediction is the sum of/);
    expect(estimate).toMatch(/launches\s+[\d.]+ ms/);
    const total = Number(/[\d.]+/.exec(estimate)![0]);
    const parts = await page.$$eval('.estimate dd.number', (cells) =>
      cells.map((e) => Number.parseFloat(e.textContent!)),
    );
    // Each figure is rounded to a thousandth; what was learned from measurements may be negative.
    expect(Math.abs(parts.reduce((sum, ms) => sum + ms, 0) - total)).toBeLessThanOrEqual(0.0005 * (parts.length + 1));
    await first.click();
    await expect.poll(() => page.$('.estimate')).toBeNull();
  });

  test('forces each candidate that can run, says so, and lets the engine choose again', async () => {
    const free = await algorithmOf();
    const candidates = await buttons(/^Force/);
    expect(candidates.length).toBeGreaterThan(3);
    for (const label of candidates) {
      const algorithm = /^Force (\w+)/.exec(label)![1];
      await force(label);
      await expect.poll(algorithmOf).toBe(algorithm);
      await expect
        .poll(() => page.$eval('.forced', (e) => e.textContent))
        .toContain(`Forced algorithms: ${algorithm} for conv2d forward`);
    }
    expect(await release()).toMatch(/^Finished/);
    await expect.poll(algorithmOf).toBe(free);
    await expect.poll(() => page.$('.forced')).toBeNull();
  });

  test('keeps what was forced in later runs, and offers the way back where such a run fails', async () => {
    const label = (await buttons(/^Force GEMM/))[0];
    await force(label);
    await write(page, program('torch.backends.cudnn.workspaceLimit = 0'));
    expect(await run(page)).toContain('Failed');
    await expect
      .poll(() => paneText(page, 'Console'))
      .toMatch(/conv2d forward by GEMM: needs \d+ bytes of workspace, workspaceLimit is 0/);
    expect(await release()).toMatch(/^Finished/);
    await showPane(page, 'Race');
    await expect.poll(algorithmOf).not.toBe('GEMM');
  });

  test('opens the other configurations of an algorithm, and forces one of them', async () => {
    await write(page, program());
    await run(page);
    await page.locator('.lane:has(.act button[aria-label^="Force GEMM"]) .reveal').click();
    await page.locator('.all .out summary').click();
    const button = (await page.waitForSelector('.all .out button'))!;
    const label = (await button.evaluate((e) => e.getAttribute('aria-label')))!;
    await force(label);
    await expect
      .poll(() => page.$eval('.chosen small', (e) => e.textContent))
      .toBe(/^Force GEMM, (.*), for/.exec(label)![1]);
    expect(await release()).toMatch(/^Finished/);
    await expect.poll(() => page.$('.forced')).toBeNull();
  });

  test('has the limit of workspace as a line, which is moved by keys and dragged, and holds in the next run', async () => {
    const said = (): Promise<string | null> =>
      page.$eval('.limit [role=slider]', (e) => e.getAttribute('aria-valuetext'));
    await expect.poll(said).toBe('no limit');
    await page.focus('.limit [role=slider]');
    await page.keyboard.press('Home');
    await expect.poll(said).toBe('0 B');
    await expect.poll(() => page.$eval('.lane.beyond', (e) => e.textContent)).toContain('beyond the limit');
    await run(page);
    await expect
      .poll(() => page.$$eval('.out', (all) => all.map((e) => e.textContent).join()))
      .toMatch(/needs \d+ bytes of workspace, workspaceLimit is 0/);
    // All lanes that are left need none, and with them the line is gone; the chip takes the limit back.
    await expect.poll(() => page.$('.limit')).toBeNull();
    await page.locator('.chip').click();
    await run(page);
    const { x, y, width } = (await (await page.waitForSelector('.limit'))!.boundingBox())!;
    await page.mouse.move(x + width, y + 10);
    await page.mouse.down();
    await page.mouse.move(x - 10, y + 10, { steps: 4 });
    await page.mouse.up();
    await expect.poll(said).toBe('0 B');
    await page.locator('.chip').click();
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
    await page.locator('.lane.chosen .reveal').click();
  });

  test.each([1440, 390])('is as wide as its place on a page of %i pixels', async (width) => {
    await page.setViewport({ width, height: 900 });
    await showPane(page, 'Race');
    await expect.poll(() => page.$eval('.race', (e) => e.scrollWidth - e.clientWidth)).toBe(0);
  });
});
