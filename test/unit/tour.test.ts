/**
 * @file The tour's card stands beside what it shows and within the window, and each step is told in both languages.
 */
import { expect, test } from 'vitest';
import { placeCard, tourSteps } from '../../src/playground/tour/steps.ts';

const room = { width: 1000, height: 800 };
const card = { width: 300, height: 150 };

test('the card stands below its target, else above, else beside, else in its corner', () => {
  expect(placeCard({ left: 100, top: 50, width: 80, height: 40 }, card, room)).toEqual({ left: 100, top: 102 });
  expect(placeCard({ left: 100, top: 500, width: 80, height: 250 }, card, room)).toEqual({ left: 100, top: 338 });
  expect(placeCard({ left: 100, top: 20, width: 400, height: 760 }, card, room)).toEqual({ left: 512, top: 20 });
  expect(placeCard({ left: 600, top: 20, width: 380, height: 760 }, card, room)).toEqual({ left: 288, top: 20 });
  expect(placeCard({ left: 0, top: 0, width: 1000, height: 800 }, card, room)).toEqual({ left: 688, top: 638 });
});

test('the card never leaves the window, wherever its target is', () => {
  for (const left of [-200, 0, 500, 990, 1400])
    for (const top of [-200, 0, 400, 790, 1400])
      for (const size of [10, 300, 2000]) {
        const at = placeCard({ left, top, width: size, height: size }, card, room);
        expect(at.left).toBeGreaterThanOrEqual(12);
        expect(at.top).toBeGreaterThanOrEqual(12);
        expect(at.left + card.width).toBeLessThanOrEqual(room.width - 12);
        expect(at.top + card.height).toBeLessThanOrEqual(room.height - 12);
      }
});

test('it takes about a minute to read', () => {
  const words = tourSteps.map(({ title, text }) => `${title.en} ${text.en}`.split(' ').length);
  expect(words.reduce((sum, count) => sum + count)).toBeLessThan(200);
  for (const { title, text } of tourSteps) for (const { zh } of [title, text]) expect(zh).toMatch(/[\u4e00-\u9fff]/);
});
