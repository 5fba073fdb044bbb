/**
 * Intent: a tensor can be looked at: each number has its place and its colour, is told on hover and by keys, and NaN
 * looks like no number. The numbers are the program's own.
 */
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { run, showPane, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';

const program = `import { torch } from 'wudnn';
export const signed = torch.tensor([[-2, -1, 0], [1, 2, NaN]]);
export const images = torch.arange(2 * 3 * 2 * 2).reshape(2, 3, 2, 2);
export const many = torch.zeros(300, 300);
export const huge = torch.zeros(2000, 1000);
export const one = torch.tensor(7);
`;

const drawing = `import { torch, plot, imshow, progress } from 'wudnn';
for (let i = 1; i <= 4; i++) {
  plot([8, 4, 2, 1].slice(0, i), { title: 'loss', label: 'train' });
  progress(i, 4, { title: 'steps' });
}
imshow(torch.tensor([[0, 1], [2, 3]]).to('webgpu'), { title: 'picture' });
`;

describeWith(['browser'], 'tensors as pictures', () => {
  let page: Page;
  pageForAll((opened) => (page = opened));

  const card = (name: string): string => `.tensor:has(h3 code:first-child:is([data-name="${name}"]))`;
  const reading = (name: string): Promise<string> => page.$eval(`${card(name)} .reading`, (e) => e.textContent ?? '');
  const pixel = (name: string, x: number, y: number): Promise<number[]> =>
    page.$eval(
      `${card(name)} canvas`,
      (canvas, px, py) => [...(canvas as HTMLCanvasElement).getContext('2d')!.getImageData(px, py, 1, 1).data],
      x,
      y,
    );

  test('each number has its colour, its place by keys and by the pointer, and NaN its own mark', async () => {
    await write(page, program);
    await run(page);
    await showPane(page, 'Output');
    await page.waitForSelector(`${card('signed')} canvas`);
    await expect
      .poll(async () => [await pixel('signed', 0, 0), await pixel('signed', 2, 0), await pixel('signed', 2, 1)])
      .toEqual([
        [5, 48, 97, 255],
        [247, 247, 247, 255],
        [255, 0, 200, 255],
      ]);
    await page.focus(`${card('signed')} .plane-box`);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => reading('signed')).toBe('signed[0, 0] = -2');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => reading('signed')).toBe('signed[1, 1] = 2');
    await expect
      .poll(async () => {
        const box = (await (await page.$(`${card('signed')} canvas`))!.boundingBox())!;
        await page.mouse.move(box.x + (5 / 6) * box.width, box.y + (3 / 4) * box.height);
        return reading('signed');
      })
      .toBe('signed[1, 2] = NaN');
    expect(await page.$eval(`${card('signed')} figcaption`, (e) => e.textContent)).toBe('-2 NaN or ∞2');
  });

  test('channels are tiles, images are chosen, and a single number needs no picture', async () => {
    expect(await page.$(`${card('one')} canvas`)).toBeNull();
    await expect.poll(() => reading('images')).toBe('3 channels of 2 × 2. Point at one.');
    await page.focus(`${card('images')} input[type=range]`);
    await page.keyboard.press('ArrowRight');
    await page.focus(`${card('images')} .plane-box`);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => reading('images')).toBe('images[1, 0, 0, 0] = 12');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => reading('images')).toBe('images[1, 0, 1, 0] = 14');
  });

  test('what a program draws is there, as it is at last, and goes with the next run', async () => {
    await write(page, drawing);
    await run(page);
    await page.waitForSelector('[data-title=picture] canvas');
    expect(await page.$eval('[data-title=loss] polyline', (e) => e.getAttribute('points')!.split(' ').length)).toBe(4);
    expect(await page.$eval('[data-title=loss] title', (e) => e.textContent)).toBe('loss: train from 8 to 1');
    expect(await page.$eval('[data-title=steps] progress', (e) => (e as HTMLProgressElement).position)).toBe(1);
    await write(page, program);
    await run(page);
    await expect.poll(() => page.$('[data-title]')).toBeNull();
  });

  test('a program that makes the engine say more than it draws gets no more than a hundred figures', async () => {
    await write(
      page,
      `const post = MessagePort.prototype.postMessage;
let port;
MessagePort.prototype.postMessage = function (...all) { port = this; return post.apply(this, all); };
console.log('found');
for (let i = 0; i < 300; i++) post.call(port, { event: 'figure', figure: { title: 'f' + i, progress: { done: 0, of: 1 } } });
`,
    );
    await run(page);
    await expect.poll(() => page.$$eval('[data-title]', (all) => all.length)).toBe(100);
    await write(page, program);
    await run(page);
  });

  test('a large tensor is looked at when asked for, and one that is too large says what to do', async () => {
    expect(await page.$(`${card('many')} canvas`)).toBeNull();
    await page.locator(`${card('many')} p button`).click();
    await page.waitForSelector(`${card('many')} canvas`);
    await page.locator(`${card('huge')} p button`).click();
    await page.waitForSelector(`${card('huge')} p.hint`);
    expect(await page.$eval(`${card('huge')} p.hint`, (e) => e.textContent)).toBe(
      'output: huge has 7.63 MiB, and up to 4 MiB are shown; export a part of it, such as huge.narrow(0, 0, 1)',
    );
  });
});
