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

/** The same image with its channels first and last: 2 rows of 3 pixels. */
const image = `import { torch, imshow } from 'wudnn';
const first = torch.arange(18).reshape(3, 2, 3).div(17).to('webgpu');
imshow(first, { title: 'first' });
imshow(first.permute(1, 2, 0), { title: 'last' });
imshow(torch.arange(18).reshape(3, 2, 3).sub(20), { title: 'none' });
export const pixels = first.permute(1, 2, 0);
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

  test.each([
    ['first', 'first[:, 1, 2]', 'first[0, 0, 1] = 0.05882'],
    ['last', 'last[1, 2]', 'last[0, 0, 1] = 0.3529'],
  ])(
    'an image with its channels %s is in true colour, told on hover, and a switch shows each number',
    async (title, pixelName, second) => {
      await write(page, image);
      await run(page);
      const figure = `[data-title=${title}]`;
      await page.waitForSelector(`${figure} canvas`);
      // The last pixel's channels are the numbers 5, 11 and 17 of 17.
      const shown = await page.$eval(`${figure} canvas`, (canvas) => [
        ...(canvas as HTMLCanvasElement).getContext('2d')!.getImageData(2, 1, 1, 1).data,
      ]);
      expect(shown).toEqual([Math.round((255 * 5) / 17), Math.round((255 * 11) / 17), 255, 255]);
      const told = (): Promise<string> => page.$eval(`${figure} .reading`, (e) => e.textContent ?? '');
      expect(await told()).toBe('2 × 3 in true colour. Point at a pixel.');
      const canvas = (await page.$(`${figure} canvas`))!;
      await canvas.scrollIntoView();
      await expect
        .poll(async () => {
          const box = (await canvas.boundingBox())!;
          await page.mouse.move(box.x + (5 / 6) * box.width, box.y + (3 / 4) * box.height);
          return told();
        })
        .toMatch(`${pixelName} = `);
      const numbers = (await told()).split(' = ')[1].split(', ').map(Number);
      // What the program reads back, to as many digits as are shown.
      const [r, g, b] = [5, 11, 17].map((n) => n / 17);
      [r, g, b].forEach((value, c) => expect(numbers[c]).toBeCloseTo(value, 3));

      const ways = await page.$$(`${figure} .ways-to-look button`);
      await ways[1].click();
      await page.focus(`${figure} .plane-box`);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await expect.poll(told).toBe(second);
      expect(await page.$(`[data-title=none] .ways-to-look`)).toBeNull();
    },
  );

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
