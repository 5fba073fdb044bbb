/**
 * @file Whether a visitor is new here. The tour offers itself once: what remembers that is written before it opens, so
 * that a browser that keeps nothing does not bring it back each time.
 */
import type { Words } from '../../base/words.ts';
import { linked, linkError } from '../opening-link.ts';
import { visitor } from '../storage.ts';

/** A link leads to what it is about, and not to a tour. */
export function offerTour(): void {
  if (linkError.value !== undefined || Object.keys(linked).length > 0 || visitor.recall('tour') !== undefined) return;
  if (visitor.remember('tour', 'seen')) openTour();
}

/** In the menu. */
export const tourOffer: Words = { en: 'Take the tour', zh: '新手导览' };

export function openTour(): void {
  void import('./tour.tsx').then(({ showTour }) => showTour());
}
