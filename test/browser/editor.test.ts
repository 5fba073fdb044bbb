/**
 * @file The editor knows the engine: no complaint about the examples, completion of its names, errors of its types.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { append, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['browser'], 'the editor', () => {
  let page: Page;
  pageForAll((opened) => (page = opened), { typescript: true });

  /** What a hover shows that has just begun; nothing where it was ended, for then it must begin again. */
  async function shownByHover(): Promise<string> {
    const shown = await page
      .waitForFunction(
        () => {
          const text = document.querySelector('.monaco-hover:not(.hidden)')?.textContent ?? '';
          return text !== '' && !text.startsWith('Loading') && text;
        },
        { timeout: 3000 },
      )
      .catch(() => undefined);
    return shown ? ((await shown.jsonValue()) as string) : '';
  }

  test('underlines a wrong type, and says why', async () => {
    await write(page, "import { torch } from 'wudnn'\nexport const wrong: string = torch.randn(2, 2)\n");
    await page.waitForSelector('.squiggly-error');
    // On a busy machine the lines may move under the pointer once more, which ends a hover.
    const hovered = async (): Promise<string> => {
      await page.mouse.move(0, 0);
      await page.hover('.squiggly-error');
      return shownByHover();
    };
    await expect.poll(hovered).toMatch(/Type 'Tensor' is not assignable to type 'string'/);
    await page.keyboard.press('Escape');
  });

  test('shows the docstring of what is called on hover', async () => {
    await write(page, "import { torch } from 'wudnn'\nexport const y = torch.expm1(torch.ones(2))\n");
    await page.waitForFunction(() => /expm1/.test(document.querySelector('.view-lines')?.textContent ?? ''));
    const middle = (): Promise<{ x: number; y: number }> =>
      page.evaluate(() => {
        const span = [...document.querySelectorAll('.view-line span span')].find((s) =>
          s.textContent?.includes('expm1'),
        )!;
        const range = document.createRange();
        const at = span.textContent!.indexOf('expm1');
        range.setStart(span.firstChild!, at);
        range.setEnd(span.firstChild!, at + 5);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      });
    const hovered = async (): Promise<string> => {
      const { x, y } = await middle();
      await page.mouse.move(x, y + 200);
      await page.mouse.move(x, y, { steps: 3 });
      return shownByHover();
    };
    await expect.poll(hovered).toMatch(/e\^a − 1/);
    await page.keyboard.press('Escape');
  });

  test('has nothing against any example', async () => {
    const ids = await page.$$eval('.tools optgroup[label=Examples] option', (options) =>
      options.map((o) => (o as HTMLOptionElement).value),
    );
    const underlined = (): Promise<number> => page.$$eval('.squiggly-error', (marks) => marks.length);
    for (const id of ids) {
      // A mistake behind the example proves that it was checked; then the mistake alone is underlined.
      await page.select('.tools select', id);
      await expect.poll(underlined, { message: `example ${id}` }).toBe(0);
      await append(page, '\nconst mistake: string = 1\n');
      await expect.poll(underlined, { message: `example ${id} with a mistake` }).toBe(1);
    }
  });

  test.each([
    ['torch', 'ran', ['randn', 'randint']],
    ['vision', 'mod', ['models']],
  ])('completes the names of %s', async (space, start, names) => {
    await write(page, `import { ${space} } from 'wudnn'\nconst y = ${space}.`);
    await page.keyboard.type(start);
    await page.waitForFunction(
      (expected) => {
        const rows = [...document.querySelectorAll('.suggest-widget .monaco-list-row')].map(
          (row) => row.getAttribute('aria-label') ?? '',
        );
        return expected.every((name) => rows.some((label) => label.startsWith(name)));
      },
      {},
      names,
    );
  });
});
