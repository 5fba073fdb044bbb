/**
 * @file A kernel of ours is edited in its pane and becomes a candidate by a press: the next run races it where it is
 * right, and shows the first wrong pixel where it is not.
 */
import type { Page } from 'puppeteer';
import { beforeEach, expect, test } from 'vitest';
import { chord, press, run, showPane, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { expectNoViolations } from '../support/violations.ts';

/** The first call shows its kernel, whichever wins the race of the second. */
const program = `import { torch, F, dnn } from 'wudnn';
torch.backends.cudnn.benchmark = true;
const x = torch.randn(1, 2, 6, 5).to('webgpu');
const w = torch.randn(4, 2, 3, 3).to('webgpu');
export const shown = dnn.convolutionForward(x, w, { padding: 1, algo: 'DIRECT', config: 'one output a thread' });
export const raced = F.conv2d(x, w, null, { padding: 1 });
export const split = dnn.convolutionForward(x, w, { padding: 1, algo: 'GEMM' });
`;
const kernel = 'conv2d/direct/1_definition';

describeWith(['browser'], 'an edited kernel of ours', () => {
  let page: Page;
  pageForAll((opened) => (page = opened));
  beforeEach(async () => {
    await showPane(page, 'Kernel'); // a run with instruments
    await write(page, program);
    expect(await run(page)).toMatch(/^Finished/);
  });

  const choose = async (name: string): Promise<void> => {
    await page.locator(`::-p-xpath(//table//th/button[. = "${name}"])`).click();
    await page.waitForFunction((of) => document.querySelector('section.source h3')?.textContent === of, {}, name);
    await page.waitForSelector('.trial-bar');
  };

  /** Edits the kernel, presses the button, runs, and returns what the race has of it. */
  async function race(from: string, to: string): Promise<{ lane: string; out: string }> {
    await choose(kernel);
    const area = `.wgsl textarea[aria-label="shaders/${kernel}.wgsl"]`;
    const text = await page.$eval(area, (e) => (e as HTMLTextAreaElement).value);
    expect(text).toContain(from);
    await page.focus(area);
    await chord(page, 'Control', 'A');
    await page.keyboard.sendCharacter(text.replace(from, to));
    await press(page, 'button', 'Race it as a candidate');
    await page.waitForFunction(() =>
      document.querySelector('section.source')?.textContent?.includes('stands in the program'),
    );
    await expectNoViolations(page);
    expect(await run(page)).toMatch(/^Finished/);
    await showPane(page, 'Race');
    return page.evaluate(() => {
      const having = (selector: string): string =>
        [...document.querySelectorAll(selector)].find((e) => e.textContent?.includes('mine'))?.textContent ?? '';
      return { lane: having('.lanes .lane'), out: having('.out li') };
    });
  }

  test('that is right is raced', async () => {
    const { lane, out } = await race('// ', '// Mine. ');
    expect(out).toBe('');
    expect(lane).toMatch(/\d (ms|µs)/);
  });

  test('that is wrong in one pixel is out, and shows it', async () => {
    const { lane, out } = await race(
      'epilogue(sum, index, k)',
      'select(epilogue(sum, index, k), Acc(9), index == 37u)',
    );
    expect(lane).toBe('');
    // 37 = 1·30 + 1·5 + 2 of 4×6×5.
    expect(out).toMatch(/the first wrong output is y\[0, 1, 1, 2\]: 9, expected -?[\d.e-]+, the sum over x\[/);
  });

  test('that is one of several of its algorithm cannot be a candidate, and says why', async () => {
    await choose('conv2d/im2col');
    expect(await page.$eval('section.source', (e) => (e as HTMLElement).innerText)).toMatch(
      /Race it as a candidate It is one of \d+ kernels that compute this convolution; a candidate computes it in one\./,
    );
    const button = await page.waitForSelector('::-p-aria([role="button"][name="Race it as a candidate"])');
    expect(await button!.evaluate((e) => (e as HTMLButtonElement).disabled)).toBe(true);
    await expectNoViolations(page);
  });
});
