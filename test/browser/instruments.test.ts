/**
 * @file The instruments as a visitor uses them: a run is looked into where an instrument is in front or the visitor
 * asks, and what is selected in one pane is lit in the others and in the editor.
 *
 * The figures of bytes and operations were counted by hand from the shapes of example 1.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import {
  append,
  firstExample,
  paneText,
  press,
  run,
  showPane,
  statusAfter,
  textOf,
  write,
} from '../support/browser.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

const compiled = firstExample.replace('new SimpleCNN().to(device)', 'torch.compile(new SimpleCNN().to(device))');
const lineOf = (text: string): number => firstExample.split('\n').findIndex((line) => line.includes(text)) + 1;

describeWith(['browser'], 'the instruments', () => {
  let page: Page;
  pageForEach((opened) => (page = opened));

  const placed = () => page.waitForSelector('.drawing[data-placed=true] .node');
  const labels = (selector: string) => page.$$eval(selector, (all) => all.map((e) => e.getAttribute('aria-label')!));
  const litLines = async (): Promise<number[]> => {
    const tops = await page.$$eval('.lit-line', (all) => all.map((e) => (e.parentElement as HTMLElement).style.top));
    const numbers = await page.$$eval('.monaco .line-numbers', (all) =>
      all.map((e) => [(e.parentElement as HTMLElement).style.top, Number(e.textContent)] as const),
    );
    return numbers.flatMap(([top, line]) => (tops.includes(top) ? line : [])).toSorted((a, b) => a - b);
  };

  test('a run is not looked into until the visitor asks, and then what it showed stays', async () => {
    await write(page, firstExample);
    await run(page);
    const printed = await paneText(page, 'Console');
    expect(await paneText(page, 'Graph')).toContain('Look inside this run');
    expect(await statusAfter(page, () => press(page, 'button', 'Look inside this run'))).toMatch(/^Looked inside/);
    await placed();
    expect(await paneText(page, 'Console')).toBe(printed);
    const text = await paneText(page, 'Graph');
    expect(text).toContain('nothing is fused outside torch.compile');
    expect(text).toContain('in a second run');
    expect((await labels('.node.computed')).map((label) => label.split(',')[0])).toEqual([
      'conv2d',
      'relu',
      'maxPool2d',
    ]);

    await append(page, '\n// changed');
    await run(page); // the graph is in front, so this run has its inside at once
    await placed();
    expect(await paneText(page, 'Graph')).not.toContain('in a second run');
    await showPane(page, 'Race');
    await run(page);
    await expect.poll(() => paneText(page, 'Graph')).toContain('Look inside this run');
    await append(page, '\n// changed again');
    await expect
      .poll(() => paneText(page, 'Graph'))
      .toContain('The program has changed since its last run. Press Run.');
  });

  test('the passes of torch.compile, what they fused, and why not more', async () => {
    await write(page, compiled);
    await showPane(page, 'Graph');
    await run(page);
    await placed();
    const [fused, pool] = await labels('.node.computed');
    const [conv, relu] = ['this.conv1(', 'this.relu('].map(lineOf);
    expect(fused).toMatch(/^conv2d \+ relu, conv1 \+ relu \[4, 16, 32, 32\], /);
    expect(fused).toContain(`, line ${conv}, ${relu}`);
    // It reads 4·16·32·32 floats and writes 4·16·16·16.
    expect(pool).toMatch(/^maxPool2d, pool \[4, 16, 16, 16\], [\d.]+ (µs|ms) · 320 KiB, /);

    await page.locator('.mark').click();
    const reason = /the pool's gradient needs the plane that the maxima are found in/;
    await expect.poll(() => paneText(page, 'Graph')).toMatch(/These are two kernels, because/);
    expect((await labels('.mark'))[0]).toMatch(reason);

    await page.locator('.node.fused').click();
    await page.waitForSelector('.lit-line');
    await expect.poll(litLines).toEqual([conv, relu]);
    await press(page, 'button', 'Open its 2 operations');
    await page.waitForSelector('.drawing[data-placed=true] .frame');
    expect((await labels('.node.computed')).map((label) => label.split(',')[0])).toEqual([
      'conv2d',
      'relu',
      'maxPool2d',
    ]);
    await press(page, 'button', 'Close the box around it');
    await page.waitForSelector('.drawing[data-placed=true] .node.fused');

    await press(page, 'button', 'Recorded');
    await page.waitForFunction(
      () => document.querySelectorAll('.drawing[data-placed=true] .node.computed').length === 3,
    );
    await expect.poll(() => page.$('.mark')).toBeNull();
  });

  test('what a pass changed is marked in the drawing and told in words, all of it by keys', async () => {
    await write(page, compiled);
    await showPane(page, 'Graph');
    await run(page);
    await placed();
    expect(await page.$('.change')).toBeNull();
    await page.focus('::-p-aria([role="checkbox"][name="Changes"])');
    await page.keyboard.press('Space');
    await page.waitForSelector('.drawing[data-placed=true] .node.removed');
    const changes = await labels('.node.change');
    expect(changes.map((label) => [label.split(',')[0], label.split(', ').at(-1)]).toSorted()).toEqual([
      ['conv2d + relu', 'changed by this pass'],
      ['conv2d', 'removed by this pass'],
      ['relu', 'removed by this pass'],
    ]);
    const signs = await page.$$eval('.node.change', (all) =>
      all.map((e) => e.querySelector('.sign-of-change')!.textContent),
    );
    expect(signs.toSorted()).toEqual(['±', '−', '−']);
    expect(await textOf(page, 'region', 'What this pass changed')).toMatch(
      /2 nodes removed and 1 node changed\.\s+conv2d in conv1 and relu in relu became one node: conv2d \+ relu in relu$/,
    );
    await page.focus('[aria-label="What this pass changed"] button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.node.changed[aria-pressed=true]');
    await expectNoViolations(page);
    await press(page, 'button', 'Recorded');
    await page.waitForFunction(() => !document.querySelector('.change'));
    expect(
      await page
        .$('::-p-aria([role="checkbox"][name="Changes"])')
        .then((e) => e!.evaluate((b) => (b as HTMLInputElement).disabled)),
    ).toBe(true);
  });

  test('graph and kernels tell the same, and a kernel has its code', async () => {
    await write(page, compiled);
    await showPane(page, 'Graph');
    await run(page);
    await placed();
    const pool = (await labels('.node.computed'))[1];
    await page.$eval('.node.computed[tabindex="0"]', (e) => (e as SVGGElement).focus());
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.evaluate(() => document.activeElement!.getAttribute('aria-label'))).toBe(pool);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.node.computed[aria-pressed=true]:focus');

    await showPane(page, 'Kernel');
    const row = await page.waitForSelector('.kernels tr.lit[aria-current=true]');
    const cells = await row!.$$eval('td', (all) => all.map((e) => (e as HTMLElement).innerText.trim()));
    const [computes, time, , bytes] = cells;
    expect(computes).toBe('maxPool2d');
    expect(pool).toContain(`${time} · ${bytes}`);
    await page.waitForSelector('.wgsl');
    const parts = await page.$$eval('.source details', (all) =>
      all.map((e) => [e.querySelector('code')!.textContent, (e as HTMLDetailsElement).open] as const),
    );
    const name = await row!.$eval('th button', (e) => e.textContent);
    expect(parts[0]).toEqual([`shaders/${name}.wgsl`, true]);
    expect(parts.some(([file, open]) => file!.startsWith('shaders/lib/') && !open)).toBe(true);
    await expect.poll(() => page.$eval('.wgsl', (e) => (e as HTMLElement).innerText)).toContain('@compute');
  });

  test.each(['light', 'dark'])('the %s panes have no violation, wide and narrow', async (scheme) => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await write(page, compiled);
    await showPane(page, 'Graph');
    await expectNoViolations(page);
    await run(page);
    await placed();
    await page.locator('.node.fused').click();
    await expectNoViolations(page);
    await showPane(page, 'Kernel');
    await page.waitForSelector('.wgsl');
    await expectNoViolations(page);
    await page.setViewport({ width: 390, height: 900 });
    await page.waitForSelector('.bench.narrow');
    await expectNoViolations(page);
    await showPane(page, 'Graph');
    await placed();
    await expectNoViolations(page);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });
});
