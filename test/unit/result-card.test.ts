/**
 * Intent: a result card is a measurement with its origin that fits in a link; what a stranger wrote into one is data of
 * bounded size, or refused.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AlgorithmChoice } from '../../src/dnn/choice/records.ts';
import { recordedRace } from '../../src/playground/engine/forms.ts';
import { headlineOf } from '../../src/playground/headline.ts';
import { readLink, writeLink } from '../../src/playground/link.ts';
import { pack } from '../../src/playground/packed.ts';
import { raceOf } from '../../src/playground/panes/race/lanes.ts';
import { cardOf, readCard, writeCard } from '../../src/playground/result-card.ts';

const { choices } = recordedRace(JSON.parse(readFileSync('public/first-race.json', 'utf8')), 'first-race.json');
const at = Date.UTC(2026, 10, 30, 2);
const card = cardOf({ at, choices }, undefined, { Chrome: '140.0' })!;

describe('a card', () => {
  test('tells the lanes, the sentence, and where they come from', () => {
    const read = readLink(`#${writeLink({ program: 'x', result: card })}`)!.result!;
    expect(read).toEqual(card);
    expect(read).toMatchObject({
      at: '2026-11-30T02:00:00.000Z',
      adapter: choices[0].adapter,
      versions: { Chrome: '140.0' },
    });
    expect(headlineOf(read.choices)).toMatchObject({ sentence: headlineOf(choices)!.sentence });
    const lanes = (of: readonly AlgorithmChoice[]) =>
      of.map((choice) => raceOf(choice).lanes.map(({ candidate }) => [candidate.algo, candidate.samples]));
    expect(lanes(read.choices)).toEqual(lanes(choices));
  });

  test('of an example fits in a message', () => expect(writeCard(card).length).toBeLessThan(8000));

  test('of many layers leaves the terms of the model out, and of too many there is none', () => {
    /** No two figures alike, as in a real run. */
    const odd = (i: number): number => Math.abs(Math.sin(i * i + 1));
    const layers = (n: number): AlgorithmChoice[] =>
      Array.from({ length: n }, (_, i) => ({
        ...choices[0],
        layer: `features.${i}`,
        candidates: choices[0].candidates.map((candidate, j) => ({
          ...candidate,
          timeMs: odd(50 * i + j),
          terms: [
            { name: 'arithmetic', ms: odd(50 * i + j + 7), detail: String(odd(i + j)) },
            { name: 'memory', ms: odd(50 * i + j + 9), detail: String(odd(i * j)) },
          ],
        })),
      }));
    const many = cardOf({ at, choices: layers(80) }, undefined, {})!;
    expect(many.choices.length).toBe(80);
    expect(many.choices.every((choice) => choice.candidates.every(({ terms }) => terms === undefined))).toBe(true);
    expect(cardOf({ at, choices: layers(2000) }, undefined, {})).toBeUndefined();
  });

  test('keeps what is not finite', () => {
    const [first] = card.choices;
    const odd = { ...card, choices: [{ ...first, candidates: [{ ...first.candidates[0], maxError: Infinity }] }] };
    expect(readCard(writeCard(odd)).choices[0].candidates[0].maxError).toBe(Infinity);
  });
});

test.each([
  ['nothing', pack('null'), /its result cannot be read: result: expected an object/],
  ['a choice of nothing', pack(JSON.stringify({ ...card, choices: [{}] })), /result\.choices\[0\]\.operation/],
  ['a time without a date', pack(JSON.stringify({ ...card, at: 'yesterday' })), /result\.at: 'yesterday' is no date/],
  ['a long one', 'A'.repeat(16_001), /16001 letters, 16000 at most are read/],
  ['one that unpacks to very much', pack(' '.repeat(5_000_000)), /its result is longer than 500000 bytes/],
])('a card of %s is refused', (_, text, reason) => expect(() => readCard(text)).toThrow(reason));

test('what would make a text look like another is left out of a card, and of forced algorithms', () => {
  const turned = 'D\u202eI\u200bR\u001b[31mECT';
  const [first] = card.choices;
  const odd = { ...card, adapter: turned, choices: [{ ...first, chosen: turned }] };
  const read = readCard(pack(JSON.stringify(odd)));
  expect([read.adapter, read.choices[0].chosen]).toEqual(['DIRECT', 'DIRECT']);
  const operation = 'conv2d';
  const force = [{ operation, direction: 'forward', descriptor: 'd', algo: turned, candidateId: turned }] as const;
  const forced = readLink(`#${writeLink({ program: 'x', force })}`)!.force!;
  expect(forced).toMatchObject([{ algo: 'DIRECT', candidateId: 'DIRECT' }]);
});

test('what is in a card beyond its form is left out', () => {
  const more = { ...card, token: 'planted', choices: card.choices.map((choice) => ({ ...choice, html: '<b>' })) };
  expect(readCard(pack(JSON.stringify(more)))).toEqual(card);
});
