/**
 * @file Intent: the engine's frame runs its own script and no other, and what comes out of the engine is data of the
 * forms that the page knows, or nothing.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Flood } from '../../src/playground/engine/flood.ts';
import { engineEvent, runResult } from '../../src/playground/engine/forms.ts';

test("the frame's policy names the hash of its one script", () => {
  const html = readFileSync('public/engine.html', 'utf8');
  const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)];
  expect(scripts).toHaveLength(1);
  expect(html).toContain(`'sha256-${createHash('sha256').update(scripts[0][1]).digest('base64')}'`);
});

describe('an event of the engine', () => {
  const taken = (event: unknown): unknown => engineEvent(event, 'engine');

  test('is copied, without what its form does not name', () => {
    const entry = { level: 'log', text: 'hello', line: 3, more: 'hidden', __proto__: { polluted: true } };
    const copy = taken({ event: 'console', entry });
    expect(copy).toEqual({ event: 'console', entry: { level: 'log', text: 'hello', line: 3 } });
    expect(Object.getPrototypeOf((copy as { entry: object }).entry)).toBe(Object.prototype);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['of another name', { event: 'constructor' }],
    ['of an inherited name', { event: '__proto__' }],
    ['a call', { id: '1', type: 'CONSTRUCT', path: ['console', 'constructor'], argumentList: [] }],
    ['with an object for text', { event: 'console', entry: { level: 'log', text: { toString: 'x' } } }],
    ['with another level', { event: 'console', entry: { level: 'html', text: '' } }],
    [
      'with a plan of no candidates but a wrong one',
      {
        event: 'plan',
        plan: { change: 'put', entry: { key: 'k', choice: {}, tuningMs: 0, gainMs: 0, measured: 0, used: 0 } },
      },
    ],
    ['with a key without end', { event: 'plan', plan: { change: 'touch', key: 'k'.repeat(100_000), used: 0 } }],
  ])('%s is refused', (_what, event) => {
    expect(() => taken(event)).toThrow(/^engine/);
  });

  test('has text of a bounded length', () => {
    const { entry } = taken({ event: 'console', entry: { level: 'log', text: 'x'.repeat(10_000_000) } }) as {
      entry: { text: string };
    };
    expect(entry.text.length).toBeLessThan(101_000);
    expect(entry.text).toMatch(/… \(9,900,000 more characters\)$/);
  });
});

test('a result that is none is refused with its place', () => {
  expect(() => runResult({ ok: true, device: 'webgpu', outputs: [{}], choices: [], wallMs: 1 }, 'engine')).toThrow(
    'engine.outputs[0].name: expected text, got undefined',
  );
  expect(() => runResult({ ok: 'yes' }, 'engine')).toThrow('engine.ok');
});

test('a flood is told from a lot', () => {
  const flood = new Flood();
  const messages = Array.from({ length: 30_000 }, () => flood.exceeds());
  expect(messages.slice(0, 10_000)).not.toContain(true);
  expect(messages.at(-1)).toBe(true);
});
