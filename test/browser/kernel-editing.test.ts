/**
 * @file A kernel is edited in its pane: errors are underlined at their place, a right one is timed against the shipped
 * one, a wrong one and one that never ends say so, and the page works on.
 */
import type { Page } from 'puppeteer';
import { beforeAll, expect, test } from 'vitest';
import { chord, press, run, showPane, textOf, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

const program = `import { torch } from 'wudnn';
export const y = torch.arange(-5000, 5000).to('float32').to('webgpu').relu();
`;
const file = 'generated pointwise relu';

describeWith(['browser'], 'an edited kernel', () => {
  let page: Page;
  pageForAll((opened) => (page = opened));
  beforeAll(async () => {
    await write(page, program);
    await showPane(page, 'Kernel');
    await run(page);
  });

  const area = '.wgsl textarea';

  /** Replaces a part of the shipped text, as a visitor who types it. */
  async function change(from: string, to: string): Promise<void> {
    const shipped = page.locator('::-p-aria([role="button"][name="Reset"]:not([disabled]))');
    if (await page.$('.edited')) await shipped.click();
    await page.waitForFunction(() => document.querySelector('.trial-bar')?.textContent?.includes('As it is shipped.'));
    const text = await page.$eval(area, (e) => (e as HTMLTextAreaElement).value);
    expect(text).toContain(from);
    await page.focus(area);
    await chord(page, 'Control', 'A');
    await page.keyboard.sendCharacter(text.replace(from, to));
  }

  /** What is said of a trial, once it is. */
  async function tried(): Promise<string> {
    await page.waitForFunction(() => /compiles/.test(document.querySelector('.trial-bar')?.textContent ?? ''));
    await press(page, 'button', 'Run it');
    const outcome = await page.waitForSelector('.outcome');
    return outcome!.evaluate((e) => (e as HTMLElement).innerText);
  }

  test('that does not compile has its error underlined, and Reset takes it back', async () => {
    await change('select(v0, 0, v0 < 0)', 'select(v0, 0 v0 < 0)');
    await page.waitForSelector('.squiggle[data-type=error]');
    const line = await page.$eval(
      area,
      (e) => (e as HTMLTextAreaElement).value.split('\n').findIndex((one) => one.includes('0 v0')) + 1,
    );
    expect(await textOf(page, 'list', 'What the compiler says')).toContain(`${file}:${line}:`);
    expect(await page.$eval(area, (e) => e.getAttribute('aria-invalid'))).toBe('true');
    await expectNoViolations(page);
    await press(page, 'button', 'Reset');
    await page.waitForFunction(() => !document.querySelector('.squiggle'));
  });

  test('that is right is timed against the shipped one', async () => {
    await change('let v0', '/* mine */ let v0');
    expect(await tried()).toMatch(/ against .* samples.*\n+Same values as the shipped kernel\./);
  });

  test('that is wrong says where first', async () => {
    await change('v0 < 0)', 'v0 < 100)');
    const outcome = await tried();
    expect(outcome).toContain('differs from the shipped kernel');
    expect(outcome).toMatch(/first wrong output\n.*\nexpected\n.*\ngot\n0/);
  });

  test('that never ends says so, and the page works on', async () => {
    await change('let v0', 'var turn = 0u; while (turn < 2u) { turn = turn * 1u; }\n  let v0');
    expect(await tried()).toContain('did not end');
    expect(await run(page)).toContain('Finished');
  });
});
