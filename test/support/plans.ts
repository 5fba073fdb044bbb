/**
 * @file The measured plans that a page keeps between visits.
 */
import type { Page } from 'puppeteer';
import { ready } from './browser.ts';

export interface StoredPlan {
  readonly program: string;
  readonly entry: {
    readonly key: string;
    readonly choice?: { readonly chosen: string; readonly candidates: object[] };
  };
}

/** By program. What a run that has ended is still storing is among them: reading waits for what is written. */
export function storedPlans(page: Page): Promise<readonly StoredPlan[]> {
  return page.evaluate(
    () =>
      new Promise<never>((resolve, reject) => {
        const opening = indexedDB.open('wudnn-plans');
        opening.addEventListener('error', () => reject(new Error('the database does not open')));
        opening.addEventListener('success', () => {
          const database = opening.result;
          const all = database.transaction('plans').objectStore('plans').getAll();
          all.addEventListener('success', () => {
            database.close();
            resolve(all.result as never);
          });
        });
      }),
  );
}

/** Opens the page again; what it was storing is stored. */
export async function reload(page: Page): Promise<void> {
  await storedPlans(page);
  await page.reload();
  await ready(page);
}
