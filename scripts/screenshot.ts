/**
 * @file Draws the README's picture: the real page after Run and Compare with remote, `npx tsx scripts/screenshot.ts`.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { press, startPlayground, statusOf } from '../test/support/browser.ts';

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(folder, { recursive: true });

const playground = await startPlayground();
try {
  const page = await playground.open();
  await page.setViewport({ width: 1440, height: 1360 });
  await press(page, 'button', 'Run');
  await statusOf(page, /Finished/);
  await press(page, 'button', 'Compare with remote');
  await statusOf(page, /^Compared/);
  await page.screenshot({ path: `${folder}page.png` });
  console.log(`docs/images/page.png is of ${await page.browser().version()}`);
} finally {
  await playground.close();
}
