/**
 * @file The bench as a visitor arranges it: panes are docked by pointer and by keys, closed, opened again, kept, and
 * shared; where there is no room they are tabs; what is fixed in the settings holds whatever the program says.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { readLink, writeLink } from '../../src/playground/link.ts';
import { slotsIn } from '../../src/playground/bench/layout.ts';
import { readLayout, writeLayout } from '../../src/playground/bench/layout-text.ts';
import type { PaneId } from '../../src/playground/panes/index.ts';
import { paneIds, panes } from '../../src/playground/panes/index.ts';
import type { Playground } from '../support/browser.ts';
import { alertIn, paneText, press, ready, run, showPane, write } from '../support/browser.ts';
import { pageForEach } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

const standing = (home: string): PaneId[] => paneIds.filter((id) => panes[id].home === home && id !== 'class');
const titles = (ids: readonly PaneId[]): string => ids.map((id) => panes[id].title.en).join();
/** The tabs that stand beside the editor until somebody moves them. */
const beside = titles(standing('beside'));
/** And those below it; without Output, where that is dragged away. */
const below = titles(standing('below'));
const belowWithout = titles(standing('below').filter((id) => id !== 'output'));

describeWith(['browser'], 'the bench', () => {
  let page: Page;
  let playground: Playground;
  pageForEach((opened, of) => ([page, playground] = [opened, of]));

  /** The tabs of each group, from the first group to the last. */
  const groups = (): Promise<string[]> =>
    page.$$eval('[role=tablist]', (lists) =>
      lists.map((list) => [...list.querySelectorAll('[role=tab]')].map((tab) => tab.textContent).join()),
    );
  async function middleOf(selector: string, down = 0.5): Promise<[number, number]> {
    const box = (await (await page.$(selector))!.boundingBox())!;
    return [box.x + box.width / 2, box.y + box.height * down];
  }
  async function reload(): Promise<void> {
    await page.reload();
    await ready(page);
  }

  test('a tab dragged to a side of a group splits it, stays so in the next visit, and goes with a link', async () => {
    await expect.poll(groups).toEqual([below, beside]);
    await page.mouse.move(...(await middleOf('#tab-output')));
    await page.mouse.down();
    await expect
      .poll(async () => {
        await page.mouse.move(...(await middleOf('#pane-race', 0.9)), { steps: 4 });
        return page.$('.drop');
      })
      .not.toBeNull();
    await page.mouse.up();
    const split = [belowWithout, beside, 'Output'];
    await expect.poll(groups).toEqual(split);
    await reload();
    await expect.poll(groups).toEqual(split);

    await press(page, 'button', 'Share…');
    await page.waitForSelector('dialog[open]');
    const link = await page.$eval('dialog[open] input[type=url]', (e) => (e as HTMLInputElement).value);
    const shared = readLink(new URL(link).hash)!.panes!;
    expect(slotsIn(shared)).toEqual([
      'editor',
      ...standing('below').filter((id) => id !== 'output'),
      ...standing('beside'),
      'output',
    ]);

    await playground.reopen(page, 'kept');
    await expect.poll(groups).toEqual([below, beside]);
    await page.goto(`${playground.url}icon.svg`);
    await page.goto(link);
    await ready(page);
    await expect.poll(groups).toEqual(split);
  });

  test('the same by keys alone: choose, move, close; and the menu opens what was closed', async () => {
    await page.focus('#tab-console');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('#tab-output[aria-selected=true]:focus');
    await page.keyboard.down('Alt');
    await page.keyboard.down('Shift');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.up('Shift');
    await page.keyboard.up('Alt');
    await expect.poll(groups).toEqual([belowWithout, 'Output', beside]);
    await page.waitForSelector('#tab-output:focus');
    await page.keyboard.press('Delete');
    await expect.poll(groups).toEqual([belowWithout, beside]);

    const menu = (await page.$('.panes summary'))!;
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    for (let i = 0; i < paneIds.indexOf('output'); i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect.poll(groups).toEqual([`${belowWithout},Output`, beside]);
  });

  test('the line between editor and panes is moved by keys and by the pointer', async () => {
    const width = (): Promise<number> => page.$eval('.editor', (e) => e.getBoundingClientRect().width);
    const before = await width();
    await page.focus('.split-row > .divider');
    await page.keyboard.press('ArrowRight');
    await expect.poll(width).toBeGreaterThan(before);
    const wider = await width();
    const [x, y] = await middleOf('.split-row > .divider');
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 100, y, { steps: 3 });
    await page.mouse.up();
    await expect.poll(async () => Math.round(wider - (await width()))).toBe(100);
  });

  test('a layout of a stranger that is broken says so, and the page opens as ever', async () => {
    await page.goto(`${playground.url}icon.svg`);
    await page.goto(`${playground.url}#v=1&panes=r(50editor,50globe)`);
    await ready(page);
    await expect.poll(() => alertIn(page, '.toolbar')).toBe("panes: there is no pane 'globe'");
    await expect.poll(groups).toEqual([below, beside]);
  });

  test('a pane that a link hides is nowhere, whatever the layout says', async () => {
    await page.goto(`${playground.url}icon.svg`);
    const given = readLayout('r(40c(50editor,50console),60race.output)');
    await page.goto(`${playground.url}#${writeLink({ panes: given, hide: ['output'] })}`);
    await ready(page);
    await expect.poll(groups).toEqual(['Console', 'Race']);
    expect(writeLayout(given)).toContain('output');
  });

  test('where there is little room, the panes are tabs below the editor; with less, they come first', async () => {
    await run(page);
    const top = (selector: string): Promise<number> => page.$eval(selector, (e) => e.getBoundingClientRect().top);
    await page.setViewport({ width: 1024, height: 900 });
    await page.waitForSelector('.bench.medium');
    await expect.poll(groups).toEqual([`${beside},${below}`]);
    await expect.poll(async () => (await top('.editor')) < (await top('[role=tablist]'))).toBe(true);
    await page.setViewport({ width: 390, height: 900 });
    await page.waitForSelector('.bench.narrow');
    await expect.poll(async () => (await top('.editor')) > (await top('[role=tablist]'))).toBe(true);
    await expect.poll(() => paneText(page, 'Output')).toContain('checksum');
    await page.setViewport({ width: 1440, height: 900 });
    await page.waitForSelector('.bench.wide .monaco .view-line');
    await expect.poll(groups).toEqual([below, beside]);
  });

  test('a narrow page loads Monaco when the program is tapped, and not before', async () => {
    await page.setViewport({ width: 390, height: 900 });
    await page.goto(`${playground.url}icon.svg`);
    await page.goto(playground.url);
    await page.waitForFunction(() => document.querySelector('.status')?.textContent === 'Ready.');
    expect(await page.$eval('.editor textarea', (e) => (e as HTMLTextAreaElement).value)).toContain('SimpleCNN');
    expect(await page.$('.monaco .view-line')).toBeNull();
    await page.click('.editor textarea');
    await page.waitForSelector('.monaco .view-line');
  });

  test('beside a line stands its part of the time, where the run was looked into', async () => {
    await run(page);
    expect(await page.$('.share')).toBeNull();
    await showPane(page, 'Timeline');
    await run(page);
    await page.waitForSelector('.share');
    await write(page, "console.log('another program')\n");
    await page.waitForFunction(() => !document.querySelector('.share'));
  });

  test('a switch that is fixed holds whatever the program says, is in sight, and is let go there', async () => {
    await write(
      page,
      `import { torch, F } from 'wudnn'
torch.backends.cudnn.benchmark = true
torch.backends.cudnn.workspaceLimit = Infinity
console.log('benchmark is ' + torch.backends.cudnn.benchmark + ', limit ' + torch.backends.cudnn.workspaceLimit)
`,
    );
    await page.click('.settings summary');
    await page.select('.settings [title$=".benchmark"] select', 'false');
    await page.select('.settings [title$=".workspaceLimit"] select', '1024');
    await run(page);
    await expect.poll(() => paneText(page, 'Console')).toContain('benchmark is false, limit 1024');
    await reload();
    await page.locator('.chip ::-p-text(measuring off)').click();
    await page.locator('.chip').click();
    await run(page);
    await expect.poll(() => paneText(page, 'Console')).toContain('benchmark is true, limit Infinity');
  });

  test('a switch is fixed in the bar as well, by keys too, and stays out of the way on a phone', async () => {
    await write(page, "import { torch } from 'wudnn'\nconsole.log('only ' + torch.backends.cudnn.deterministic)\n");
    const labels = (): Promise<string[]> =>
      page.$$eval('.said :is(.switch, .chip)', (all) =>
        all.filter((one) => one.checkVisibility()).map((one) => one.getAttribute('aria-label')!),
      );
    const free = [
      'Measure the algorithms',
      'Measure in the background',
      'Deterministic algorithms only',
      'torch.compile',
      'Workspace at most',
    ];
    const chip = 'deterministic only: leave it to the program again';
    const focused = (): Promise<string | null> =>
      page.evaluate(() => document.activeElement!.getAttribute('aria-label'));
    await page.setViewport({ width: 1440, height: 900 });
    await expect.poll(labels).toEqual(free);
    await page.focus(`.switch[aria-label="${free[2]}"]`);
    await page.select(`.switch[aria-label="${free[2]}"]`, 'true');
    await expect.poll(labels).toEqual(free.with(2, chip));
    expect(await focused()).toBe(chip);
    await run(page);
    await expect.poll(() => paneText(page, 'Console')).toContain('only true');
    await page.focus(`.chip[aria-label="${chip}"]`);
    await page.keyboard.press('Enter');
    await expect.poll(labels).toEqual(free);
    expect(await focused()).toBe(free[2]);
    await page.setViewport({ width: 390, height: 844 });
    await expect.poll(labels).toEqual([]);
  });
});
