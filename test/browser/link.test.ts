/**
 * @file A link opens the page with a program and without what a teacher hides; it runs nothing, holds no token, and
 * takes nothing from what the visitor wrote.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { writeLink } from '../../src/playground/link.ts';
import { cardOf } from '../../src/playground/result-card.ts';
import type { RecordedRace } from '../../src/session/protocol.ts';
import type { Playground } from '../support/browser.ts';
import { alertIn, append, chord, press, ready, run, textOf } from '../support/browser.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { openRemotes } from '../support/remote-dialog.ts';

describeWith(['browser'], 'a link', () => {
  let playground: Playground;
  let page: Page;
  pageForEach((opened, of) => ([page, playground] = [opened, of]));

  /** Opens a link in the same tab, as a visitor who pastes it does. */
  async function open(hash: string): Promise<void> {
    await page.goto(`${playground.url}icon.svg`); // else only the part behind # would change
    await page.goto(`${playground.url}#${hash}`);
    await ready(page);
  }

  const program = "import { torch } from 'wudnn'\nconsole.log('of the link')\nexport const y = torch.ones(3)\n";

  test('brings a program, which runs only when Run is pressed', async () => {
    await open(writeLink({ program }));
    expect(await textOf(page, 'log', 'Console')).not.toContain('of the link');
    expect(await run(page)).toMatch(/^Finished/);
    await expect.poll(() => textOf(page, 'log', 'Console')).toContain('of the link');
  });

  test("leaves the visitor's own program as it was", async () => {
    await append(page, '// mine\n');
    await open(writeLink({ program }));
    await append(page, '// and theirs\n');
    await expect
      .poll(() => page.$$eval('.tools optgroup:last-of-type option', (options) => options.map((o) => o.text)))
      .toEqual(['Copy of SimpleCNN: convolution, ReLU, max pool', 'Copy of The program from the link']);
    await page.select(
      '.tools select',
      await page.$eval('.tools optgroup:last-of-type option', (o) => (o as HTMLOptionElement).value),
    );
    await page.click('.monaco');
    await chord(page, 'Control', 'End');
    const shown = (): Promise<string> => page.$eval('.monaco', (e) => (e as HTMLElement).innerText);
    await expect.poll(shown).toContain('mine');
    expect(await shown()).not.toContain('theirs');
  });

  test('to an example shows it, and the next visit shows what the visitor had chosen', async () => {
    const shown = (): Promise<string> => page.$eval('.tools select', (e) => (e as HTMLSelectElement).value);
    await page.select('.tools select', 'sequential');
    await open(writeLink({ example: 'train' }));
    await expect.poll(shown).toBe('train');
    await open('');
    await expect.poll(shown).toBe('sequential');
  });

  test('hides what it says, and the page works without', async () => {
    await open(writeLink({ example: 'sequential', hide: ['compare', 'comparison', 'example', 'download'] }));
    const shown = await page.$eval('body', (body) => body.innerText);
    for (const hidden of ['Compare with remote', 'Choose remotes…', 'Download results'])
      expect(shown).not.toContain(hidden);
    expect(await page.$('.tools select')).toBeNull();
    expect(await run(page)).toContain('Finished');
  });

  test('that is broken says so, and the page opens as ever', async () => {
    await open('v=1&program=broken');
    await expect.poll(() => alertIn(page, '.toolbar')).toContain('cannot be unpacked');
    expect(await page.$('.tools select')).not.toBeNull();
    await open('v=1&example=shape');
    await expect
      .poll(() => alertIn(page, '.toolbar'))
      .toMatch(/^link: there is no example 'shape'; there are simple-cnn, shapes/);
  });

  test('with a result shows it as recorded, as the link says, and runs nothing', async () => {
    const { choices } = JSON.parse(readFileSync('public/first-race.json', 'utf8')) as RecordedRace;
    const result = cardOf({ at: Date.UTC(2026, 10, 30), choices }, undefined, { Chrome: '140.0' })!;
    await open(writeLink({ program, result }));
    const [{ adapter, chosen }] = choices;
    expect(await textOf(page, 'region', 'Race')).toContain(
      `Recorded on ${adapter}, Chrome 140.0, 30 November 2026, as the link says. Nothing ran here yet: press Run for yours.`,
    );
    expect(await textOf(page, 'region', 'Result')).toMatch(new RegExp(`^Recorded conv1: ${chosen}`));
    expect(await textOf(page, 'log', 'Console')).not.toContain('of the link');
    await append(page, '// changed\n');
    await page.waitForFunction(() => !document.querySelector('.recorded-label'), { polling: 'mutation' });
    await open(writeLink({ program, result }).slice(0, -40));
    expect(await alertIn(page, '.toolbar')).toMatch(/^link: its result cannot be read/);
  });

  test('forces and fixes what it says, in sight', async () => {
    const descriptor = '4×3×32×32 * 16×3×3×3';
    const problem = { operation: 'conv2d', direction: 'forward', descriptor } as const;
    await open(
      writeLink({
        program,
        force: [{ ...problem, algo: 'FFT', candidateId: 'FFT 8×8' }],
        fix: { benchmark: false, workspaceLimit: 4096 },
      }),
    );
    expect(await textOf(page, 'region', 'Race')).toContain(`FFT for conv2d forward ${descriptor}`);
    expect(await page.$$eval('.chip', (chips) => chips.map((chip) => chip.textContent))).toEqual([
      'measuring off ×',
      'workspace at most 4 KiB ×',
    ]);
  });

  test('is made by the page, and opens there; no token is in it', async () => {
    await openRemotes(page);
    await page.type('dialog input[type=text]', 'http://127.0.0.1:1024');
    await page.type('dialog input[type=password]', 'planted-token');
    await press(page, 'button', 'Add and check');
    await page.keyboard.press('Escape');
    await append(page, 'console.log("shared")\n');

    await page
      .browserContext()
      .overridePermissions(new URL(playground.url).origin, [
        'clipboard-read',
        'clipboard-write',
        'clipboard-sanitized-write',
      ]);
    await press(page, 'button', 'Share…');
    await press(page, 'checkbox', 'Race');
    await press(page, 'button', 'Copy the link');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('dialog[open] button')].some((b) => b.textContent === 'Copied'),
    );
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).not.toMatch(/planted-token|1024/);

    await open(new URL(link).hash.slice(1));
    expect(await run(page)).toMatch(/^Finished/);
    await expect.poll(() => textOf(page, 'log', 'Console')).toContain('shared');
    expect(await page.$('#algorithms-title')).toBeNull();
  });
});
