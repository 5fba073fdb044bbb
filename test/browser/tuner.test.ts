/**
 * Intent: in a real browser too, a shape is measured once; its plan survives a reload, and can be taken along or thrown
 * away.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { paneText, press, ready, statusOf, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

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

  let runs = 0;
  /** What a program prints; it ends with a line of its own, so that no earlier run is taken for this one. */
  async function run(more = '', tab = page): Promise<string> {
    const end = await put(more, tab);
    return runTo(end, tab);
  }
  async function put(more: string, tab: Page): Promise<string> {
    const end = `end of run ${++runs}`;
    await write(tab, `${program(more)}console.log('${end}')\n`);
    return end;
  }
  async function runTo(end: string, tab: Page): Promise<string> {
    await press(tab, 'button', 'Run');
    await expect.poll(() => paneText(tab, 'Console'), { timeout: 100_000 }).toContain(end);
    expect(await statusOf(tab, /Finished|Failed/)).toContain('Finished');
    return paneText(tab, 'Console');
  }
  const setHidden = (tab: Page, hidden: boolean): Promise<void> =>
    tab.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  async function reload(): Promise<void> {
    await page.reload();
    await ready(page);
  }

  test('the first visit measures, the second finds the plan, and so does the one after a reload', async () => {
    expect(await run()).toContain('account: 0 hits, 1 misses');
    expect(await run()).toContain('account: 1 hits, 1 misses');
    await reload();
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
    await reload();
    const printed = await run();
    expect(printed).toContain("1 entries could not be read and were moved to the database's store 'damaged'");
    expect(printed).toContain('account: 0 hits, 1 misses');
  });

  test('cleared plans are gone after a reload, an import brings them back', async () => {
    await run(
      "const saved = await dnn.exportPlans()\nawait dnn.clearPlans()\nconsole.log('imported ' + await dnn.importPlans(saved))",
    );
    expect(await paneText(page, 'Console')).toContain('imported 2');
    await reload();
    expect(await run('await dnn.clearPlans()')).toContain('account: 1 hits, 0 misses');
    await reload();
    expect(await run()).toContain('account: 0 hits, 1 misses');
  });

  test('two tabs keep the plans of both, although neither has read those of the other', async () => {
    const shape = (size: number): string =>
      `await F.conv2d(torch.randn(1, 3, ${size}, 9).to('webgpu'), torch.randn(4, 3, 3, 3).to('webgpu')).data()`;
    const end = await put(shape(21), page);
    const other = await page.browserContext().newPage(); // a visitor's second tab shares the first one's storage
    await other.goto(page.url());
    await ready(other);
    expect(await run('', other)).toContain('account: 1 hits, 0 misses');
    await page.bringToFront();
    expect(await runTo(end, page)).toMatch(/account: \d hits, 2 misses/);
    await other.bringToFront();
    expect(await run(shape(22), other)).toContain('account: 2 hits, 1 misses');
    await other.close();
    await page.bringToFront();
    await reload();
    expect(await run(`${shape(21)}\n${shape(22)}`)).toContain('account: 3 hits, 0 misses');
  });
});
