/**
 * @file The page as a visitor meets it: run the first example, make a mistake, stop an endless loop, come back later.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { chord, paneText, press, run, statusOf, write } from '../support/browser.ts';
import { pageForAll, pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { reload } from '../support/plans.ts';

describeWith(['browser'], 'the page', () => {
  let page: Page;
  pageForEach((opened) => (page = opened), 'forgotten');

  test('the first example runs on WebGPU and shows its shape, its numbers and the algorithms', async () => {
    expect(await run(page)).toMatch(/^Finished in .* on webgpu\.$/);

    const printed = await paneText(page, 'Console');
    expect(printed).toContain('device: webgpu');
    expect(printed).toContain('output shape: [4, 16, 16, 16]');

    const output = await paneText(page, 'Output');
    expect(output).toContain('output [4, 16, 16, 16] float32 on webgpu');
    expect(output).toMatch(/min\s+0\s+max\s+[\d.]+\s+mean\s+0\.\d+\s+std\s+0\.\d+\s+checksum\s+[0-9a-f]{8}/);

    await expect.poll(() => paneText(page, 'Race')).toMatch(/ms\s+chosen|µs\s+chosen/);
    const algorithms = await paneText(page, 'Race');
    expect(algorithms).toContain('conv1');
    expect(algorithms).toMatch(/IMPLICIT_GEMM|GEMM|DIRECT/);
    await expect.poll(() => page.$eval('.about', (e) => e.textContent)).toContain('software adapter');
  });

  test('before the first run a recorded race is there, says so, and goes with the program that it is of', async () => {
    const label = () => page.$eval('.race .recorded-label', (e) => e.textContent);
    await page.waitForSelector('.race .recorded-label');
    await expect.poll(label).toMatch(/^Recorded on .*, \d+ \w+ 20\d\d\. Press Run for yours\.$/);
    await expect.poll(() => page.$eval('.headline .sentence', (e) => e.textContent)).toMatch(/^Recorded conv1: /);
    expect(await paneText(page, 'Race')).not.toMatch(/Force|Release/);
    await write(page, 'console.log(1)');
    await page.waitForFunction(() => !document.querySelector('.recorded-label'));
    await expect.poll(() => paneText(page, 'Race')).toContain('race here');
  });

  test('what is said during a run moves nothing on the page, and nothing makes the page scroll', async () => {
    const seen = await page.evaluateHandle(() => {
      const status = document.querySelector('.status')!;
      const look = () => ({
        said: status.textContent,
        top: document.querySelector('.editor')!.getBoundingClientRect().top,
      });
      const all = [look()];
      new MutationObserver(() => all.push(look())).observe(status, {
        characterData: true,
        childList: true,
        subtree: true,
      });
      return all;
    });
    expect(await run(page)).toMatch(/^Finished/);
    const looks = await seen.jsonValue();
    expect(looks.map(({ said }) => said).join('\n')).toContain('candidates');
    expect(new Set(looks.map(({ top }) => top)).size).toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
  });

  test('while algorithms are measured, the race shows how they stand', async () => {
    const seen = await page.evaluateHandle(() => {
      const all = new Set<string>();
      new MutationObserver(() => {
        for (const lane of document.querySelectorAll('.standing li')) all.add(lane.textContent);
      }).observe(document.querySelector('.bench')!, { characterData: true, childList: true, subtree: true });
      return { all };
    });
    await run(page);
    const lanes = await seen.evaluate(({ all }) => [...all]);
    // The engine tells some times a second, so that no stage is sure to be among them.
    expect(lanes.some((lane) => /^[A-Z][A-Z_]+(waiting|compiled|verified|[\d.]+ [mµ]s)$/.test(lane))).toBe(true);
    await expect.poll(() => page.$('.standing')).toBeNull();
    await expect.poll(() => page.$$('.lane')).not.toEqual([]);
  });

  test('the same program gives the same numbers each time', async () => {
    const checksum = async (): Promise<string> => {
      await run(page);
      await expect.poll(() => paneText(page, 'Output')).toMatch(/checksum\s+[0-9a-f]{8}/);
      return /checksum\s+([0-9a-f]{8})/.exec(await paneText(page, 'Output'))![1];
    };
    const first = await checksum();
    await reload(page);
    expect(await checksum()).toBe(first);
  });

  test('Stop ends an endless loop, keeps the results, and leaves an engine that works', async () => {
    await run(page);
    const results = await paneText(page, 'Output');

    const loop = "console.log('before')\nwhile (true) {}\n";
    await write(page, loop);
    await press(page, 'button', 'Run');
    await page.waitForFunction(() => document.querySelector('[role=log]')?.textContent?.includes('before'));
    await press(page, 'button', 'Stop');
    await statusOf(page, /^Stopped/);
    const lines = (text: string): string[] => text.split('\n').filter(Boolean);
    const hint = /^From the run that ended at \d\d:\d\d:\d\d\. Press Run for a new one\.$/m;
    await expect.poll(() => paneText(page, 'Output')).toMatch(hint);
    const others = lines((await paneText(page, 'Output')).replace(hint, '')).slice(1);
    // What only the engine could draw went with it; the numbers stay.
    expect(lines(results)).toEqual(expect.arrayContaining(others));
    expect(others.join(' ')).toMatch(/checksum [0-9a-f]{8}/);
    expect(await page.$eval('.monaco', (e) => (e as HTMLElement).innerText)).toContain('while');

    await write(page, "import { torch } from 'wudnn'\nconst y = torch.ones(3).add(1)\nconsole.log(await y.data())\n");
    await run(page);
    await expect.poll(() => paneText(page, 'Console')).toContain('[2, 2, 2]');
  });
});

describeWith(['browser'], 'one page, program after program', () => {
  let page: Page;
  pageForAll((opened) => (page = opened));

  test('a mistake is told with its line, and the line leads to its place', async () => {
    await write(page, "import { torch } from 'wudnn'\n\nconst x = torch.randn(2, 2)\nconsole.log(x.shpe.length)\n");
    expect(await run(page)).toMatch(/^Failed at line 4, column \d+\.$/);
    await expect.poll(() => paneText(page, 'Console')).toMatch(/TypeError: .*length/);
    await press(page, 'button', 'line 4:20');
    await page.waitForSelector('.monaco .squiggly-error');
  });

  test('what the engine refuses is told with the line of the call', async () => {
    await write(
      page,
      "import { torch, nn } from 'wudnn'\nconst conv = new nn.Conv2d(3, 8, { kernelSize: 3 })\nconst y =\n  conv(torch.randn(1, 4, 8, 8))\n",
    );
    expect(await run(page)).toMatch(/^Failed at line 4, column \d+\.$/);
    await expect.poll(() => paneText(page, 'Console')).toMatch(/conv2d: .*3.*4/);
  });

  test('a text that is no program is told with its line too', async () => {
    await write(page, 'const a = 1\nconst b = (1 +\n');
    expect(await run(page)).toContain('line 3');
    await write(page, 'const a = 1\n\nconst a = 2\n');
    expect(await run(page)).toMatch(/^Failed.*line 3, column 7/);
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
    await statusOf(page, /^Finished/);
    await expect.poll(() => paneText(page, 'Console')).toContain('by keys');
  });

  test('every example runs', async () => {
    const ids = await page.$$eval('.tools select option', (options) =>
      options.map((o) => (o as HTMLOptionElement).value),
    );
    expect(ids.length).toBeGreaterThan(1);
    for (const id of ids) {
      await page.select('.tools select', id);
      expect(await run(page), `example ${id}`).toContain('Finished');
    }
  });
});
