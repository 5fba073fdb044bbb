/**
 * @file A browser without WebGPU: the page loads, says so, and programs run on the cpu reference.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { paneText, run, showPane } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['browser'], 'without WebGPU', () => {
  let page: Page;
  pageForAll((opened) => (page = opened), { webgpu: false });

  test('the page says that there is none, why, and what runs instead', async () => {
    const text = await page.$eval('body', (e) => (e as HTMLElement).innerText);
    expect(text).toContain('cpu reference');
    expect(text).toMatch(/No GPU\. .+/);
    // The recorded race is there all the same, and labelled.
    expect(text).toMatch(/Recorded\s+conv1: \w+, .+/);
    expect(text).toMatch(/Recorded on .+\. Press Run for yours\./);
  });

  test('the first example runs on the cpu with the same shape', async () => {
    expect(await run(page)).toMatch(/^Finished in .* on cpu\.$/);
    const printed = await paneText(page, 'Console');
    expect(printed).toContain('device: cpu');
    expect(printed).toContain('output shape: [4, 16, 16, 16]');
    expect(await paneText(page, 'Output')).toContain('output [4, 16, 16, 16] float32 on cpu');
  });

  test('the map says what it needs', async () => {
    await showPane(page, 'Map');
    await page.waitForFunction(() => document.querySelector('.map .empty')?.textContent?.includes('needs a GPU'));
  });
});
