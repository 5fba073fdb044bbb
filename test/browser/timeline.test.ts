/**
 * @file The timeline and the roofline of a run: what they show equals what they save, keys reach every bar, one
 * selection lights both and the program's line, and both are for everybody.
 */
import type { Page } from 'puppeteer';
import { beforeAll, expect, test } from 'vitest';
import { formatDuration, formatPercent } from '../../src/base/format.ts';
import { formatRate } from '../../src/playground/panes/rates.ts';
import { firstExample, paneText, press, run, showPane, write } from '../support/browser.ts';
import { downloadFrom } from '../support/download.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { pressKeys, timelineFacts } from '../support/timeline-pane.ts';
import { expectNoViolations } from '../support/violations.ts';

interface Traced {
  readonly ph: string;
  readonly cat?: string;
  readonly name: string;
  readonly dur: number;
  readonly args: { readonly bytes: number; readonly flops: number };
}

describeWith(['browser'], 'the times of a run', () => {
  let page: Page;
  /** The run's kernels as the page saves them, with times in microseconds. */
  let kernels: Traced[];
  let phases: Traced[];
  pageForAll((opened) => (page = opened));
  beforeAll(async () => {
    // With the algorithm named the kernels are the same in every run, and no two have one name.
    await write(page, firstExample.replace('padding: 1 }', "padding: 1, algo: 'IMPLICIT_GEMM' }"));
    await showPane(page, 'Timeline');
    expect(await run(page)).toMatch(/^Finished/);
    const { name, bytes } = await downloadFrom(page, () => press(page, 'button', 'Save for Perfetto'));
    expect(name).toBe('wudnn-SimpleCNN-trace.json');
    const { traceEvents } = JSON.parse(new TextDecoder().decode(bytes)) as { traceEvents: Traced[] };
    kernels = traceEvents.filter(({ cat }) => cat === 'kernel');
    phases = traceEvents.filter(({ cat }) => cat === 'phase');
  });

  const facts = () => timelineFacts(page);
  const downToKernels = Array.from({ length: 10 }, () => 'ArrowDown' as const);

  test('the sentence tells what the phases and the kernels took', async () => {
    const sentence = await paneText(page, 'Timeline');
    const total = kernels.reduce((sum, { dur }) => sum + dur, 0);
    expect(sentence).toContain(`${kernels.length} kernels took ${formatDuration(total / 1000)}.`);
    for (const name of new Set(phases.map((phase) => phase.name))) expect(sentence).toContain(` ${name}`);
  });

  test('keys go to each kernel, whose figures are its computed work over its measured time', async () => {
    await showPane(page, 'Timeline');
    await page.focus('.timeline-picture');
    await pressKeys(page, ...downToKernels, 'Home');
    for (const [i, { name, dur, args }] of kernels.entries()) {
      if (i > 0) await pressKeys(page, 'ArrowRight');
      await expect.poll(facts).toMatchObject({ name, takes: formatDuration(dur / 1000) });
      const shown = await facts();
      expect(shown['GB/s']).toBe(formatRate(args.bytes / (dur * 1000)));
      if (args.flops > 0) expect(shown['GFLOP/s']).toBe(formatRate(args.flops / (dur * 1000)));
    }
    expect(await facts()).toMatchObject({ name: kernels.at(-1)!.name });
  });

  test('the pointer finds the bar that keys found, and the wheel comes closer to it', async () => {
    await press(page, 'button', 'Kernels');
    // the longest of a handful of kernels has room for some of its name
    const pointAtLabel = async (): Promise<string> => {
      const label = await page.$eval('.timeline-picture .label.kernel', (e) => {
        const { x, y, height } = e.getBoundingClientRect();
        return { x, y: y + height / 2, text: e.textContent };
      });
      await page.mouse.move(label.x, label.y);
      return /^. (.*?)…?$/.exec(label.text)![1];
    };
    await expect
      .poll(async () => {
        const begun = await pointAtLabel();
        return (await facts())['name'].startsWith(begun);
      })
      .toBe(true);
    const shown = await facts();
    const { dur } = kernels.find(({ name }) => name === shown['name'])!;
    expect(shown['takes']).toBe(formatDuration(dur / 1000));
    const ticks = (): Promise<string> =>
      page.$$eval('.timeline-picture .ticks text', (all) => all.map((e) => e.textContent).join());
    const before = await ticks();
    await page.mouse.wheel({ deltaY: -600 });
    await page.waitForFunction(
      (old) => [...document.querySelectorAll('.timeline-picture .ticks text')].map((e) => e.textContent).join() !== old,
      {},
      before,
    );
  });

  test('what is selected here is lit in the roofline and in the program, and the other way round', async () => {
    await press(page, 'button', 'Kernels');
    await page.focus('.timeline-picture');
    await pressKeys(page, ...downToKernels, 'Home', 'Enter');
    await page.waitForSelector('.timeline-picture .lit');
    await page.waitForSelector('.monaco .lit-line');
    await showPane(page, 'Roofline');
    const lit = (): Promise<string[]> =>
      page.$$eval('.roofline-table tr.lit .kernel-name > span:last-child', (all) => all.map((e) => e.textContent));
    await page.waitForSelector('.roofline-table tr.lit');
    await expect.poll(lit).toEqual([kernels[0].name]);
    await page.click('.roofline-table tr.lit .kernel-name');
    await expect.poll(lit).toEqual([]);
    await showPane(page, 'Timeline');
    await expect.poll(() => page.$('.timeline-picture .lit')).toBeNull();
  });

  test('the roofline has the same numbers, held against ceilings that it names', async () => {
    await showPane(page, 'Roofline');
    const rows = await page.$$eval('.roofline-table tbody tr', (all) =>
      all.map((row) => [
        row.querySelector('.kernel-name > span:last-child')!.textContent,
        ...[...row.querySelectorAll('td')].map((cell) => cell.firstChild!.textContent),
      ]),
    );
    const total = kernels.reduce((sum, { dur }) => sum + dur, 0);
    expect(rows.length).toBe(kernels.length); // of this program no two do the same
    for (const { name, dur, args } of kernels) {
      const [, time, share, , rate] = rows.find((row) => row[0] === name)!;
      expect([time, share]).toEqual([formatDuration(dur / 1000), formatPercent(dur / total)]);
      expect(rate).toBe(formatRate((args.flops || args.bytes) / (dur * 1000)));
    }
    const longest = kernels.reduce((best, one) => (one.dur > best.dur ? one : best));
    expect(await page.$eval('[aria-label=Roofline] .summary', (e) => e.textContent)).toMatch(
      new RegExp(`goes to ${longest.name.replace('+', '\\+')}: it reaches .* what this adapter's .* allows`),
    );
    expect(await page.$$eval('.ceiling-name', (all) => all.map((e) => e.textContent).join())).toMatch(
      /arithmetic: .* GFLOP\/s, measured by a probe,memory: .* GB\/s, measured by a probe/,
    );
  });

  test.each(['light', 'dark'])('both panes have no violation in %s, wide and narrow', async (scheme) => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    for (const width of [1440, 390]) {
      await page.setViewport({ width, height: 900 });
      for (const pane of ['Timeline', 'Roofline']) {
        await showPane(page, pane);
        await expectNoViolations(page, `[aria-label="${pane}"]`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    }
    await page.setViewport({ width: 1440, height: 900 });
  });
});
