/**
 * Intent: the recorded race that a first visitor sees is of the example that stands beside it, whole, and with its
 * origin.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { headlineOf } from '../../src/playground/headline.ts';
import { recordedRace } from '../../src/playground/engine/forms.ts';

test('the recording is of the first example as it is, measured, and says where and how', () => {
  const text = readFileSync('public/first-race.json', 'utf8');
  const race = recordedRace(JSON.parse(text), 'first-race.json');
  // Where this fails, the example was edited: record it again by the command that the file names.
  expect(race.program).toBe(readFileSync('src/playground/examples/1-simple-cnn.ts', 'utf8'));
  expect(race.choices.map(({ layer, source }) => [layer, source])).toEqual([
    ['conv1', 'measured'],
    ['pool', 'measured'],
  ]);
  expect(headlineOf(race.choices)!.sentence).toMatch(/^conv1: /);
  expect(new Date(race.at).toISOString()).toBe(race.at);
  expect([race.adapter, race.command].every(Boolean)).toBe(true);
  expect(Object.keys(race.versions)).toEqual(['node', 'webgpu']);
});
