/**
 * @file Intent: FEATURES.md says what the code has and what the cases test, no more and no less.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { featuresText } from '../../scripts/features.ts';

test('FEATURES.md is up to date; npx tsx scripts/features.ts writes it', () => {
  expect(readFileSync('FEATURES.md', 'utf8')).toBe(featuresText());
});
