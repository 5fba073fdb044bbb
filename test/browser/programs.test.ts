/**
 * @file Nothing that a visitor writes is lost: by a reload, another program, Reset, another tab, a full store; and
 * programs come and go as files.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { writeLink } from '../../src/playground/link.ts';
import {
  alertIn,
  append,
  chord,
  paneText,
  press,
  ready,
  run,
  showPane,
  statusAfter,
  write,
} from '../support/browser.ts';
import type { Playground } from '../support/browser.ts';
import { downloadFrom } from '../support/download.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['browser'], "the visitor's programs", () => {
  let page: Page;
  let playground: Playground;
  pageForEach((opened, served) => ([page, playground] = [opened, served]));

  const shown = (of = page): Promise<string> =>
    of.$eval('.monaco', (e) => (e as HTMLElement).innerText.replaceAll('\u00A0', ' '));
  const showing = (text: string, of = page) =>
    of.waitForFunction(
      (t) => (document.querySelector('.monaco') as HTMLElement).innerText.replaceAll('\u00A0', ' ').includes(t),
      {},
      text,
    );
  const title = (of = page): Promise<string> =>
    of.$eval('.tools select', (e) => (e as HTMLSelectElement).selectedOptions[0].text);
  const choose = (item: string, of = page) =>
    of
      .locator('.menu.program summary')
      .click()
      .then(() => press(of, 'button', item));

  test('an edit of an example makes a copy, which is there after a reload and another choice; undoing it leaves no copy', async () => {
    const example = await title();
    await write(page, "console.log('kept')\n");
    await expect.poll(title).toBe(`Copy of ${example}`);
    await page.reload();
    await ready(page);
    await showing('kept');
    await page.select('.tools select', 'train');
    await append(page, 'x');
    await chord(page, 'Control', 'Z');
    await page.waitForFunction(() => (document.querySelector('.tools select') as HTMLSelectElement).value === 'train');
    await expect
      .poll(() => page.$$eval('.tools optgroup:last-of-type option', (options) => options.map((o) => o.text)))
      .toEqual([`Copy of ${example}`]);
  });

  test("an edit of a link's program is there after a reload of the link", async () => {
    await page.goto(`${playground.url}icon.svg`); // else only the part behind # would change, and the page would reload itself
    await page.goto(`${playground.url}#${writeLink({ program: "console.log('theirs')\n" })}`);
    await ready(page);
    await append(page, "console.log('and mine')\n");
    await page.reload();
    await ready(page);
    await showing('and mine');
    await expect.poll(title).toBe('Copy of The program from the link');
  });

  test('Reset gives the first text back, and can be undone', async () => {
    await write(page, "console.log('mine')\n");
    await choose('Reset to “SimpleCNN: convolution, ReLU, max pool”');
    await showing('class SimpleCNN');
    await page.click('.monaco');
    await chord(page, 'Control', 'Z');
    await showing("console.log('mine')");
    await expect.poll(title).toContain('Copy of');
  });

  test('a program is named, copied, deleted, and comes back', async () => {
    await write(page, "console.log('one')\n");
    await page.locator('.menu.program summary').click();
    const name = await page.waitForSelector('.menu input[type=text]');
    await name!.click({ count: 3 });
    await page.keyboard.type('First');
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      () => (document.querySelector('.tools select') as HTMLSelectElement).selectedOptions[0].text === 'First',
    );
    await press(page, 'button', 'Make a copy');
    await expect.poll(title).toBe('Copy of First');
    await choose('Delete');
    await press(page, 'button', 'Undo');
    await expect.poll(title).toBe('Copy of First');
    await showing("console.log('one')");
  });

  test('another tab that has the program open is told, and overwrites nothing', async () => {
    await write(page, "console.log('first')\n");
    const other = await page.browserContext().newPage();
    await other.goto(playground.url);
    await ready(other);
    await showing('first', other);
    await append(other, '// from the other tab\n');
    await page.bringToFront();
    await expect.poll(() => alertIn(page, '.toolbar')).toContain('changed in another tab');
    const before = await title();
    await append(page, '// from this tab\n');
    await expect.poll(title).not.toBe(before);
    await other.bringToFront();
    expect(await shown(other)).not.toContain('from this tab');
    await other.reload();
    await ready(other);
    await showing('from the other tab', other);
  });

  test('says so where the browser refuses to store a program', async () => {
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('the quota has been exceeded', 'QuotaExceededError');
      };
    });
    await append(page, '// too much\n');
    await page.waitForFunction(() =>
      document.querySelector('.toolbar [role=alert]')?.textContent?.includes('Save it to a file'),
    );
    await showing('too much');
  });

  test('programs come as files and are saved as files; what is no text is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wudnn-programs-'));
    const files = { 'my net.ts': "console.log('of a file')\n", 'picture.ts': '\0\u0001\0' };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const input = await page.$('.menu input[type=file]');
    await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(join(folder, 'my net.ts'));
    await showing('of a file');
    await expect.poll(title).toBe('my net');
    const { name, bytes } = await downloadFrom(page, () => choose('Save to a file'));
    expect([name, new TextDecoder().decode(bytes)]).toEqual(['my_net.ts', files['my net.ts']]);
    await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(join(folder, 'picture.ts'));
    await page.waitForFunction(() =>
      document.querySelector('.toolbar [role=alert]')?.textContent?.includes('is not a text file'),
    );
    rmSync(folder, { recursive: true });
  });

  test('results and what was forced are there after a reload, with their hour', async () => {
    expect(await run(page)).toMatch(/^Finished/);
    await showPane(page, 'Race');
    expect(await statusAfter(page, () => page.locator('.lane .act button').click())).toMatch(/^Finished/);
    await page.waitForSelector('.forced');
    const cards = (): Promise<string[]> =>
      page.$$eval('.card', (all) => all.map((card) => (card as HTMLElement).innerText));
    const [algorithms, output] = [await cards(), await paneText(page, 'Output')];
    const checksum = /checksum\s+(\S+)/.exec(output)![1];
    await page.reload();
    await ready(page);
    await expect
      .poll(() => paneText(page, 'Output'))
      .toMatch(new RegExp(`From the run that ended at \\d\\d:\\d\\d:\\d\\d[^]*checksum\\s+${checksum}`));
    await expect.poll(cards).toEqual(algorithms);
    await expect.poll(() => page.$eval('.forced', (e) => e.textContent)).toContain('Forced algorithms');
    await expect.poll(() => paneText(page, 'Console')).toContain('output shape');
  });
});
