/**
 * @file The dialog of remotes, used as a visitor does.
 */
import type { Page } from 'puppeteer';
import { press, showPane, statusAfter } from './browser.ts';

export async function openRemotes(page: Page): Promise<void> {
  await showPane(page, 'Compare');
  await press(page, 'button', 'Choose remotes…');
  await page.waitForSelector('dialog[open]');
}

/** Names a remote in the open dialog; `secret` is its token, or its key's passphrase. */
export async function addRemote(page: Page, address: string, secret = ''): Promise<void> {
  await page.type('dialog input[type=text]', address);
  if (secret) await page.type('dialog input[type=password]', secret);
  await press(page, 'button', 'Add and check');
}

/** What the doctor said in the end, line by line. */
export async function examined(page: Page): Promise<string> {
  await page.waitForSelector('.examination[aria-busy=false]');
  return page.$eval('.examination', (e) => (e as HTMLElement).innerText);
}

/** Names a remote in place of this machine, lets the doctor look at it, and compares; returns the status line. */
export async function compareWithNamed(page: Page, address: string, secret: string): Promise<string> {
  await openRemotes(page);
  await addRemote(page, address, secret);
  await examined(page);
  // One that works is chosen by itself; one that does not is chosen by hand.
  const boxes = await page.$$('dialog .remotes li input');
  for (const [i, box] of boxes.entries()) {
    if ((await box.evaluate((e) => (e as HTMLInputElement).checked)) !== (i === boxes.length - 1)) await box.click();
  }
  return statusAfter(page, () => press(page, 'button', 'Compare'));
}
