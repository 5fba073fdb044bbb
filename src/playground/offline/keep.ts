/**
 * @file The page without a network: a static site is kept by its service worker after the first visit. What `npm start`
 * serves is there as long as its bridge is, and has none.
 */
import { hasBridge } from '../bridge.ts';

/** Begins when the page has loaded, so that it waits for nothing. A host that allows no service worker has none. */
export function keepPage(): void {
  if (hasBridge() || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => void navigator.serviceWorker.register('sw.js').catch(() => {}), { once: true });
}

/** The editor is most of the page, and kept where it is used. */
export async function keepEditor(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { active } = await navigator.serviceWorker.ready; // never, without one
  active?.postMessage('keep the editor');
}
