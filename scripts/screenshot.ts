/**
 * @file Draws the README's pictures: the real page after Run and Compare with remote, `npx tsx scripts/screenshot.ts`.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { press, showPane, startPlayground, statusOf } from '../test/support/browser.ts';

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(folder, { recursive: true });

const playground = await startPlayground();
try {
  const page = await playground.open();
  await page.setViewport({ width: 1440, height: 1180 });
  await press(page, 'button', 'Run');
  await statusOf(page, /Finished/);
  await press(page, 'button', 'Compare with remote');
  await statusOf(page, /^Compared/);
  // So narrow that a pane is as high as what it shows.
  await page.setViewport({ width: 1024, height: 1180 });
  const comparison = await page.waitForSelector('.panel:has(#comparison-title)');
  await comparison!.screenshot({ path: `${folder}comparison.png` });
  await page.setViewport({ width: 1440, height: 1180 });
  await showPane(page, 'Race');
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${folder}page.png` });
  await page.setViewport({ width: 1440, height: 1400 });
  await showPane(page, 'Step');
  await press(page, 'button', 'WINOGRAD');
  for (let step = 0; step < 5; step++) await press(page, 'button', 'Step forward');
  await page.mouse.move(0, 0);
  const steps = await page.waitForSelector('.panel.step');
  await steps!.screenshot({ path: `${folder}steps.png` });
  console.log(`docs/images/page.png, steps.png and comparison.png are of ${await page.browser().version()}`);
} finally {
  await playground.close();
}
