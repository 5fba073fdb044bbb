/**
 * @file The Timeline pane as its tests read it.
 */
import type { Page } from 'puppeteer';

/** The figures below the picture: the name, and terms with their values. */
export const timelineFacts = (page: Page): Promise<Record<string, string>> =>
  page.$eval('.timeline-facts', (element) => ({
    name: element.querySelector('strong')!.textContent,
    ...Object.fromEntries(
      [...element.querySelectorAll('dl > div')].map((one) => [...one.children].map((e) => e.textContent!)),
    ),
  }));

export async function pressKeys(
  page: Page,
  ...keys: readonly Parameters<Page['keyboard']['press']>[0][]
): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
