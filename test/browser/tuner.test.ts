/**
 * Intent: in a real browser too, a shape is measured once; its plan survives a reload, and can be taken along or thrown
 * away.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { paneText, ready, run as runProgram, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { reload } from '../support/plans.ts';

const program = (more: string): string => `import { torch, F, dnn } from 'wudnn'
torch.backends.cudnn.benchmark = true
torch.backends.cudnn.benchmarkLimit = 3
await F.conv2d(torch.randn(1, 3, 12, 12).to('webgpu'), torch.randn(4, 3, 3, 3).to('webgpu'), undefined, { padding: 1 }).data()
${more}
const { hits, misses } = dnn.tuningAccount()
console.log('account: ' + hits + ' hits, ' + misses + ' misses')
`;

describeWith(['browser'], 'plans in the page', () => {
  let page: Page;
  pageForAll((opened) => (page = opened));

  /** What a program prints. */
  async function run(more = '', tab = page): Promise<string> {
    await write(tab, program(more));
    return runIn(tab);
  }
  async function runIn(tab: Page): Promise<string> {
    expect(await runProgram(tab)).toContain('Finished');
    await expect.poll(() => paneText(tab, 'Console')).toContain('account: ');
    return paneText(tab, 'Console');
  }
  const setHidden = (tab: Page, hidden: boolean): Promise<void> =>
    tab.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);

  test('the first visit measures, the second finds the plan, and so does the one after a reload', async () => {
    expect(await run()).toContain('account: 0 hits, 1 misses');
    expect(await run()).toContain('account: 1 hits, 1 misses');
    await reload(page);
    expect(await run()).toContain('account: 1 hits, 0 misses');
  });

  test('a page that is hidden meanwhile measures nothing, and the next visit does', async () => {
    const another =
      "await F.conv2d(torch.randn(1, 3, 13, 13).to('webgpu'), torch.randn(4, 3, 3, 3).to('webgpu')).data()";
    const before = await page.evaluate(() => document.hidden);
    await setHidden(page, true);
    expect(await run(another)).toContain('account: 2 hits, 1 misses');
    await setHidden(page, before);
    expect(await run(another)).toContain('account: 3 hits, 2 misses');
    expect(await run(another)).toContain('account: 5 hits, 2 misses');
  });

  test('a damaged entry is set aside with a message, and the shape is measured again', async () => {
    await page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('wudnn-plans');
        request.addEventListener('success', () => resolve(request.result));
        request.addEventListener('error', () => reject(new Error('the database does not open')));
      });
      const store = database.transaction('plans', 'readwrite').objectStore('plans');
      const keys = await new Promise<IDBValidKey[]>((resolve) => {
        const request = store.getAllKeys();
        request.addEventListener('success', () => resolve(request.result));
      });
      await new Promise<void>((resolve) => {
        store
          .put({ program: (keys[0] as string[])[0], key: (keys[0] as string[])[1], entry: 'damaged' })
          .addEventListener('success', () => resolve());
      });
      database.close();
    });
    await reload(page);
    const printed = await run();
    expect(printed).toContain("1 entries could not be read and were moved to the database's store 'damaged'");
    expect(printed).toContain('account: 0 hits, 1 misses');
  });

  test('cleared plans are gone after a reload, an import brings them back', async () => {
    const printed = await run(
      "const saved = await dnn.exportPlans()\nawait dnn.clearPlans()\nconsole.log('imported ' + await dnn.importPlans(saved))",
    );
    expect(printed).toContain('imported 2');
    await reload(page);
    expect(await run('await dnn.clearPlans()')).toContain('account: 1 hits, 0 misses');
    await reload(page);
    expect(await run()).toContain('account: 0 hits, 1 misses');
  });

  test('two tabs keep the plans of both, although neither has read those of the other', async () => {
    const shape = (size: number): string =>
      `await F.conv2d(torch.randn(1, 3, ${size}, 9).to('webgpu'), torch.randn(4, 3, 3, 3).to('webgpu')).data()`;
    await write(page, program(shape(21)));
    const other = await page.browserContext().newPage(); // a visitor's second tab shares the first one's storage
    await other.goto(page.url());
    await ready(other);
    expect(await run('', other)).toContain('account: 1 hits, 0 misses');
    await page.bringToFront();
    expect(await runIn(page)).toMatch(/account: \d hits, 2 misses/);
    await other.bringToFront();
    expect(await run(shape(22), other)).toContain('account: 2 hits, 1 misses');
    await other.close();
    await page.bringToFront();
    await reload(page);
    expect(await run(`${shape(21)}\n${shape(22)}`)).toContain('account: 3 hits, 0 misses');
  });

  test('measuring in the background is switched on in the settings, and the page says what came of it', async () => {
    await page.click('.settings summary');
    await page.select('.settings [title$=".benchmarkInBackground"] select', 'true');
    await page.keyboard.press('Escape');
    await page.evaluate(() => {
      const heard = ((globalThis as { heard?: string[] }).heard = [] as string[]);
      new MutationObserver(() => heard.push(document.querySelector('.headline')!.textContent!)).observe(
        document.querySelector('.headline')!,
        { subtree: true, childList: true, characterData: true },
      );
    });
    const shape = "await F.conv2d(torch.randn(1, 3, 14, 14).to('webgpu'), torch.randn(4, 3, 3, 3).to('webgpu')).data()";
    await run(shape);
    await expect
      .poll(() => paneText(page, 'Race'))
      .toMatch(/measured in this run, in the background; (it ran from the start|it took the place of .*)/);
    const heard = await page.evaluate(() => (globalThis as { heard?: string[] }).heard!);
    expect(heard.filter((text) => text.includes('Measuring conv2d in the background')).length).toBeGreaterThan(0);
    await page.click('.chip');
  });
});
