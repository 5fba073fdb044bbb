/**
 * Intent: an image that a visitor gives is what the program computes with, number by number, however it came; what is
 * no image is refused with its reason and changes nothing; and it goes when they say so.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, expect, test } from 'vitest';
import { paneText, press, run, showPane, write } from '../support/browser.ts';
import { pageForAll } from '../support/hooks.ts';
import { describeWith } from '../support/needs.ts';
import { png, pngOf } from '../support/png.ts';
import { expectNoViolations } from '../support/violations.ts';

const program = `import { vision } from 'wudnn'
const x = vision.io.image()
export const pixels = x.mul(255).round()
console.log(x.shape.join(' '))
`;

describeWith(['browser'], 'an image of the visitor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-image-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let page: Page;
  pageForAll((opened) => (page = opened));

  const file = (name: string, content: Uint8Array | string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const choose = async (path: string): Promise<void> => {
    const input = (await page.waitForSelector('.image-input input[type=file]')) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(path);
  };
  const given = (): Promise<string> => page.$eval('.image-input .given', (e) => (e as HTMLElement).innerText);
  const refusal = (): Promise<string> => page.$eval('.image-input [role=alert]', (e) => e.textContent ?? '');
  const values = (): Promise<string> =>
    page.$eval('.tensor:has([data-name=pixels]) ol.values', (e) =>
      [...e.children].map((item) => item.textContent).join(' '),
    );
  /** Brings a file as a visitor's hand does, dropped on the page or pasted into it. */
  const bring = async (how: 'drop' | 'paste', path: string): Promise<void> => {
    const input = (await page.evaluateHandle(() =>
      Object.assign(document.createElement('input'), { type: 'file' }),
    )) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(path);
    await page.evaluate(
      (from, kind) => {
        const data = new DataTransfer();
        data.items.add(from.files![0]);
        const options = { bubbles: true, cancelable: true };
        document
          .querySelector('.monaco')!
          .dispatchEvent(
            kind === 'drop'
              ? new DragEvent('drop', { ...options, dataTransfer: data })
              : new ClipboardEvent('paste', { ...options, clipboardData: data }),
          );
      },
      input,
      how,
    );
  };

  const four = Uint8Array.of(255, 0, 10, 1, 200, 20, 2, 3, 30, 254, 128, 40);

  test('a chosen file is what the program has, to the last number; without it, it has a sample', async () => {
    await write(page, program);
    await showPane(page, 'Output');
    await choose(file('four.png', png({ width: 2, height: 2 }, 3, four)));
    await expect.poll(given).toMatch(/^four\.png ×\s+2 × 2$/);
    await expectNoViolations(page, '.image-input');
    await run(page);
    await showPane(page, 'Output');
    await expect.poll(values).toBe('255 1 2 254 0 200 3 128 10 20 30 40');
    await press(page, 'button', 'Share…');
    expect(await page.$eval('dialog[open]', (e) => e.textContent)).toContain('Your image, four.png, is not in it');
    await press(page, 'button', 'Close');
    await press(page, 'button', 'four.png: take it away');
    await run(page);
    await expect.poll(() => paneText(page, 'Console')).toContain('3 128 128');
    await showPane(page, 'Output');
  });

  test.each(['drop', 'paste'] as const)('by %s it comes too, and leaves the program alone', async (how) => {
    const before = await page.$eval('.monaco', (e) => (e as HTMLElement).innerText);
    await bring(how, file(`${how}.png`, png({ width: 1, height: 2 }, 1, Uint8Array.of(7, 8))));
    await expect.poll(given).toMatch(new RegExp(`^${how}\\.png ×\\s+1 × 2$`));
    expect(await page.$eval('.monaco', (e) => (e as HTMLElement).innerText)).toBe(before);
    await run(page);
    await showPane(page, 'Output');
    await expect.poll(values).toBe('7 8 7 8 7 8');
  });

  test('a large one is scaled down, and says from what', async () => {
    await choose(file('wide.png', png({ width: 2048, height: 2 }, 1, new Uint8Array(4096).fill(9))));
    await expect.poll(given).toMatch(/1024 × 1, scaled down from 2048 × 2$/);
  });

  test.each<[string, Uint8Array | string, string]>([
    ['text.png', 'hello', 'is not an image that can be read; choose a PNG, JPEG, WebP, GIF, AVIF or BMP'],
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'is not an image that can be read'],
    ['drawing.png', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'is not an image that can be read'],
    ['empty.png', '', 'is empty'],
    [
      'huge.png',
      pngOf({ width: 60_000, height: 60_000, colour: 2 }, new Uint8Array()),
      'has 60000 × 60000 pixels; it may have 64 million',
    ],
    [
      'broken.png',
      pngOf({ width: 4, height: 4, colour: 2 }, gzipSync('no rows')),
      'is damaged: the browser cannot decode this PNG',
    ],
    ['heavy.png', new Uint8Array(21 * 2 ** 20), 'has 21 MiB; an image may have 20 MiB'],
  ])('%s is refused, and the image before it stays', async (name, content, reason) => {
    const before = await given();
    await choose(file(name, content));
    await expect.poll(refusal).toContain(`image: '${name}' ${reason}`);
    expect(await given()).toBe(before);
  });

  test('without a camera the page says so', async () => {
    await press(page, 'button', 'Use the camera');
    await expect.poll(refusal).toMatch(/^camera: (the browser does not let this page use it|there is none)/);
  });

  test('of what the camera sees one frame is taken, and its light goes out', async () => {
    await page.evaluate(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
      const context = canvas.getContext('2d')!;
      const draw = (): void => {
        context.fillStyle = '#ff0000';
        context.fillRect(0, 0, 64, 48);
        requestAnimationFrame(draw);
      };
      draw();
      const stream = canvas.captureStream();
      Object.assign(globalThis, { light: stream.getTracks()[0] });
      navigator.mediaDevices.getUserMedia = () => Promise.resolve(stream);
    });
    await press(page, 'button', 'Use the camera');
    await page.waitForSelector('.camera .primary:not(:disabled)');
    await press(page, 'button', 'Take it');
    await expect.poll(given).toMatch(/^camera ×\s+64 × 48$/);
    await expect.poll(() => page.evaluate('light.readyState')).toBe('ended');
    expect(await page.$('.camera')).toBeNull();
  });
});
