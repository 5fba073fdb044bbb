/**
 * @file The Memory pane as a visitor uses it: who holds the device's memory, and the kept measurements, which are
 * counted, taken to another page, cleared, and refused where they are none.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { press, run, showPane } from '../support/browser.ts';
import { downloadFrom } from '../support/download.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

describeWith(['browser'], 'the Memory pane', () => {
  let page: Page;
  pageForEach((opened) => (page = opened), 'forgotten');

  const says = (text: string) =>
    page.waitForFunction((t) => document.querySelector('.memory')?.textContent?.includes(t), {}, text);
  const rows = () => page.$$eval('.plan-cache tbody tr', (all) => all.map((row) => row.textContent!));

  test('says at which kernel most is in use, and who holds it', async () => {
    await showPane(page, 'Memory');
    await run(page);
    await says('are in use, at kernel');
    await says('parameters');
    await expectNoViolations(page);
  });

  test('lists what was measured, takes it out and in again, and clears it', async () => {
    await showPane(page, 'Memory');
    await says('Nothing is kept yet.');
    await run(page);
    await says(' kept');
    const kept = await rows();
    expect(kept.some((row) => row.includes('conv2d'))).toBe(true);
    expect(kept.some((row) => row.includes('pool2d'))).toBe(true);

    const { name, bytes } = await downloadFrom(page, () => press(page, 'button', 'Export'));
    expect(name).toBe('wudnn-plans.json');
    await press(page, 'button', 'Clear');
    await says('Cleared. The next run measures anew.');
    await says('Nothing is kept yet.');

    const folder = mkdtempSync(join(tmpdir(), 'wudnn-plans-'));
    try {
      const [right, wrong] = ['wudnn-plans.json', 'other.json'].map((file) => join(folder, file));
      writeFileSync(right, bytes);
      writeFileSync(wrong, '{"entries": 7}');
      const input = (await page.waitForSelector('.plan-cache input[type=file]')) as ElementHandle<HTMLInputElement>;
      await input.uploadFile(right);
      await says(`taken over from ${name}`);
      await expect.poll(rows).toHaveLength(kept.length);
      await input.uploadFile(wrong);
      await page.waitForSelector('.plan-cache [role=alert]');
      await expect.poll(rows).toHaveLength(kept.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
