/**
 * @file What the page gives the visitor as a file.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';

export interface Download {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The file that `start` makes the page save. */
export async function downloadFrom(page: Page, start: () => Promise<void>): Promise<Download> {
  const folder = await mkdtemp(join(tmpdir(), 'wudnn-download-'));
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    browserContextId: page.browserContext().id,
    downloadPath: folder,
    eventsEnabled: true,
  });
  const completed = new Promise<void>((resolve) =>
    session.on('Browser.downloadProgress', ({ state }) => state === 'completed' && resolve()),
  );
  await start();
  await completed;
  const [name] = await readdir(folder);
  const bytes = new Uint8Array(await readFile(join(folder, name)));
  await rm(folder, { recursive: true });
  return { name, bytes };
}
