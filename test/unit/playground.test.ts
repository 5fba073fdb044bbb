/**
 * @file What the page says in words: numbers, and what became of each candidate.
 */
import { describe, expect, test } from 'vitest';
import type { AlgorithmChoice } from '../../src/dnn/choice/records.ts';
import { describeClock, oneOfEach, shownTimes } from '../../src/playground/choices.ts';
import { formatBytes, formatDuration, formatElement, formatError, formatNumber } from '../../src/base/format.ts';
import { candidate } from '../support/choices.ts';

describe('numbers', () => {
  test('keep four digits, and powers of ten where plain digits would be long', () => {
    expect([0, 1, -0.55123, 123.456, 99999.4, 123456, 1e-5, NaN, -Infinity].map(formatNumber)).toEqual([
      '0',
      '1',
      '-0.5512',
      '123.5',
      '100000',
      '1.23e+5',
      '1.00e-5',
      'NaN',
      '-∞',
    ]);
  });

  test('of lists stand in line', () => {
    expect([0, 1, 0.5, -2.25, 1e-7].map(formatElement)).toEqual(['0', '1', '0.5000', '-2.2500', '1.00e-7']);
  });

  test('that are errors, bytes or times', () => {
    expect([0, 4.81e-7, Infinity].map(formatError)).toEqual(['0', '4.8e-7', '∞']);
    expect([0, 1023, 1024, 442368, 3 * 2 ** 30].map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1 KiB',
      '432 KiB',
      '3 GiB',
    ]);
    expect([0.0123, 12.34, 1234].map(formatDuration)).toEqual(['12.3 µs', '12.3 ms', '1.23 s']);
  });
});

describe('choices', () => {
  const choice = (more: Partial<AlgorithmChoice>): AlgorithmChoice => ({
    operation: 'conv2d',
    direction: 'forward',
    descriptor: '',
    candidateId: 'DIRECT',
    chosen: 'DIRECT',
    chosenConfig: '',
    source: 'measured',
    clock: { kind: 'timestamp-query', quantumNs: 65536 },
    adapter: 'Some GPU',
    software: false,
    candidates: [],
    ...more,
  });

  test('show one row an algorithm: its best, or the one that was forced', () => {
    const candidates = [candidate('A', { config: 'x' }), candidate('B'), candidate('A', { config: 'y' })];
    expect(oneOfEach(choice({ candidates }))).toEqual([candidates[0], candidates[1]]);
    expect(oneOfEach(choice({ candidates, candidateId: 'A y' }))).toEqual([candidates[2], candidates[1]]);
  });

  test('show both ways to run a fused group', () => {
    const candidates = [
      candidate('A', { config: 'x, pool unfused', unfused: 'pool' }),
      candidate('A', { config: 'x' }),
      candidate('A', { config: 'y, pool unfused', unfused: 'pool' }),
      candidate('B'),
    ];
    expect(oneOfEach(choice({ candidates, candidateId: 'A y, pool unfused' }))).toEqual([
      candidates[2],
      candidates[1],
      candidates[3],
    ]);
  });

  test('tell once how times were taken, and warn of software adapters', () => {
    const candidates = [candidate('DIRECT', { timeMs: 2 })];
    const [sentence, ...others] = describeClock([choice({ candidates }), choice({ candidates, layer: 'conv2' })]);
    expect(others).toEqual([]);
    expect(sentence).toContain('Some GPU by timestamp queries in steps of 65.5 µs');
    expect(describeClock([choice({ software: true })]).join(' ')).toContain('software adapter');
    expect(sentence).not.toContain('software');
  });

  test('show measured times or predicted ones, never both beside each other', () => {
    const measured = candidate('DIRECT', { timeMs: 2, predictedMs: 9 });
    const predicted = candidate('FFT', { status: 'not tried', predictedMs: 30 });
    expect(shownTimes([measured, predicted])).toEqual([2, undefined]);
    expect(shownTimes([predicted])).toEqual([30]);
  });

  test('mark what is predicted and not measured', () => {
    const candidates = [
      candidate('DIRECT', { status: 'not tried', predictedMs: 2 }),
      candidate('GEMM', { status: 'not tried', predictedMs: 3 }),
    ];
    const predicted = choice({ source: 'heuristic', candidates });
    expect(describeClock([predicted])[0]).toBe('On Some GPU; nothing was measured.');
    expect(describeClock([predicted])[1]).toContain('≈');
    expect(describeClock([predicted])[2]).toContain('benchmark = true');
  });

  test('give no advice to switch on what was on, where measuring was broken off', () => {
    const reason = 'the tab was hidden';
    const broken = choice({
      source: 'heuristic',
      candidates: [
        candidate('DIRECT', { timeMs: 2, samples: 1, reason }),
        candidate('GEMM', { status: 'not tried', predictedMs: 3, reason }),
      ],
    });
    expect(describeClock([broken]).join(' ')).not.toContain('benchmark');
    const unstarted = choice({
      source: 'heuristic',
      candidates: [candidate('DIRECT', { status: 'not tried', predictedMs: 2, reason })],
    });
    expect(describeClock([unstarted]).join(' ')).not.toContain('benchmark');
  });
});
