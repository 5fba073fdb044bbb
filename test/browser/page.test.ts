/**
 * @file The page as a visitor meets it: run the first example, make a mistake, stop an endless loop, come back later.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { chord, press, ready, statusOf, textOf, write } from '../support/browser.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['browser'], 'the page', () => {
  let page: Page;
  pageForEach((opened) => (page = opened));

  test('the first example runs on WebGPU and shows its shape, its numbers and the algorithms', async () => {
    await press(page, 'button', 'Run');
    expect(await statusOf(page, /Finished|Failed/)).toMatch(/^Finished in .* on webgpu\.$/);

    const printed = await textOf(page, 'region', 'Console');
    expect(printed).toContain('device: webgpu');
    expect(printed).toContain('output shape: [4, 16, 16, 16]');

    const output = await textOf(page, 'region', 'Output');
    expect(output).toContain('output [4, 16, 16, 16] float32 on webgpu');
    expect(output).toMatch(/min\s+0\s+max\s+[\d.]+\s+mean\s+0\.\d+\s+std\s+0\.\d+\s+checksum\s+[0-9a-f]{8}/);

    const algorithms = await textOf(page, 'table', 'Algorithms');
    expect(algorithms).toContain('conv1');
    expect(algorithms).toMatch(/\t\s*chosen/);
    expect(algorithms).toMatch(/IMPLICIT_GEMM|GEMM|DIRECT/);
    expect(await page.$eval('.about', (e) => e.textContent)).toContain('software adapter');
  });

  test('what is said during a run moves nothing on the page, and nothing makes the page scroll', async () => {
    const topOfEditor = (): Promise<number> => page.$eval('.editor', (e) => e.getBoundingClientRect().top);
    const before = await topOfEditor();
    await press(page, 'button', 'Run');
    await statusOf(page, /candidates/);
    expect(await topOfEditor()).toBe(before);
    await statusOf(page, /Finished/);
    expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
  });

  test('the same program gives the same numbers each time', async () => {
    const checksum = async (): Promise<string> => {
      await press(page, 'button', 'Run');
      await statusOf(page, /Finished/);
      return /checksum\s+([0-9a-f]{8})/.exec(await textOf(page, 'region', 'Output'))![1];
    };
    const first = await checksum();
    await page.reload();
    await ready(page);
    expect(await checksum()).toBe(first);
  });

  test('a mistake is told with its line, and the line leads to its place', async () => {
    await write(page, "import { torch } from 'wudnn'\n\nconst x = torch.randn(2, 2)\nconsole.log(x.shpe.length)\n");
    await press(page, 'button', 'Run');
    expect(await statusOf(page, /Finished|Failed/)).toMatch(/^Failed at line 4, column \d+\.$/);
    expect(await textOf(page, 'region', 'Console')).toMatch(/TypeError: .*length/);
    await press(page, 'button', 'line 4:20');
    await page.waitForSelector('.monaco .squiggly-error');
  });

  test('what the engine refuses is told with the line of the call', async () => {
    await write(
      page,
      "import { torch, nn } from 'wudnn'\nconst conv = new nn.Conv2d(3, 8, { kernelSize: 3 })\nconst y =\n  conv(torch.randn(1, 4, 8, 8))\n",
    );
    await press(page, 'button', 'Run');
    expect(await statusOf(page, /Finished|Failed/)).toMatch(/^Failed at line 4, column \d+\.$/);
    const printed = await textOf(page, 'region', 'Console');
    expect(printed).toMatch(/conv2d: .*3.*4/);
  });

  test('a text that is no program is told with its line too', async () => {
    await write(page, 'const a = 1\nconst b = (1 +\n');
    await press(page, 'button', 'Run');
    expect(await statusOf(page, /Finished|Failed/)).toContain('line 3');
    await write(page, 'const a = 1\n\nconst a = 2\n');
    await press(page, 'button', 'Run');
    expect(await statusOf(page, /line 3, column 7/)).toContain('Failed');
  });

  test('Stop ends an endless loop, keeps the results, and leaves an engine that works', async () => {
    await press(page, 'button', 'Run');
    await statusOf(page, /Finished/);
    const results = await textOf(page, 'region', 'Output');

    const loop = "console.log('before')\nwhile (true) {}\n";
    await write(page, loop);
    await press(page, 'button', 'Run');
    await page.waitForFunction(() => document.querySelector('[role=log]')?.textContent?.includes('before'));
    await press(page, 'button', 'Stop');
    await statusOf(page, /^Stopped/);
    const lines = (text: string): string[] => text.split('\n').filter(Boolean);
    const [hint, ...others] = lines(await textOf(page, 'region', 'Output')).toSpliced(0, 1);
    expect(hint).toMatch(/^From the run that ended at \d\d:\d\d:\d\d\. Press Run for a new one\.$/);
    expect(others).toEqual(lines(results).slice(1));
    expect(await page.$eval('.monaco', (e) => (e as HTMLElement).innerText)).toContain('while');

    await write(page, "import { torch } from 'wudnn'\nconst y = torch.ones(3).add(1)\nconsole.log(await y.data())\n");
    await press(page, 'button', 'Run');
    await statusOf(page, /Finished/);
    expect(await textOf(page, 'region', 'Console')).toContain('[2, 2, 2]');
  });

  test('a program that prints for ever can be stopped too', async () => {
    await write(page, 'for (let i = 0; ; i++) console.log(i)\n');
    await press(page, 'button', 'Run');
    await page.waitForFunction(() => document.querySelectorAll('[role=log] .entry').length > 100);
    await press(page, 'button', 'Stop');
    await statusOf(page, /^Stopped/);
  });

  test('Ctrl+Enter runs, from the editor as well', async () => {
    await write(page, "console.log('by keys')\n");
    await chord(page, 'Control', 'Enter');
    await statusOf(page, /Finished/);
    expect(await textOf(page, 'region', 'Console')).toContain('by keys');
  });

  test('every example runs', async () => {
    const ids = await page.$$eval('.tools select option', (options) =>
      options.map((o) => (o as HTMLOptionElement).value),
    );
    expect(ids.length).toBeGreaterThan(1);
    for (const id of ids) {
      await page.select('.tools select', id);
      await press(page, 'button', 'Run');
      expect(await statusOf(page, /Finished|Failed/), `example ${id}`).toContain('Finished');
    }
  });
});
