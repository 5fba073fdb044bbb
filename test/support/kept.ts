/**
 * @file A page that its service worker has kept.
 */
import type { Page } from 'puppeteer';

/** Waits until a static site opens without a network, with its editor, and its service worker answers for the page. */
export async function isKept(page: Page): Promise<void> {
  await page.waitForFunction(
    async () => {
      if (!navigator.serviceWorker.controller) return false;
      const [, contents] = /^const built=(.*);$/m.exec(await (await fetch('sw.js')).text())!;
      const { page, editor } = JSON.parse(contents) as Record<'page' | 'editor', object>;
      const [name] = await caches.keys();
      const kept = await (await caches.open(name)).keys();
      return kept.length >= Object.keys(page).length + Object.keys(editor).length;
    },
    { polling: 500 },
  );
}
