/**
 * Intent: what the race draws and what the headline says are the numbers that decided the choice, and nothing else.
 */
import { describe, expect, test } from 'vitest';
import type { AlgorithmChoice, Candidate, ModelTerm, StandingCandidate } from '../../src/dnn/choice/records.ts';
import { attentionTable } from '../../src/dnn/attention/table.ts';
import { convTable } from '../../src/dnn/conv2d/table.ts';
import { gemmTable } from '../../src/dnn/gemm/table.ts';
import { poolAlgorithms } from '../../src/dnn/pool/table.ts';
import { reduceTable } from '../../src/dnn/reduce/table.ts';
import { headlineOf, liveSentence } from '../../src/playground/headline.ts';
import { signOf } from '../../src/playground/panes/palette.ts';
import {
  errorPlace,
  guessedPassMs,
  limitsOf,
  liveLanes,
  memoryPlace,
  raceOf,
} from '../../src/playground/panes/race/lanes.ts';
import { candidate, choice as anyChoice } from '../support/choices.ts';

const terms = (arithmetic: number, moves: number): ModelTerm[] => [
  { name: 'arithmetic', ms: arithmetic, detail: '' },
  { name: 'moves', ms: moves, detail: '' },
];
const direct = candidate('DIRECT', {
  timeMs: 1.27,
  spread: 0.1,
  samples: 12,
  maxError: 8e-7,
  tolerance: 2e-5,
  predictedMs: 1,
  terms: terms(1, 0),
});
const winograd = candidate('WINOGRAD', {
  timeMs: 1.27 * 1.18,
  memory: 3072,
  behind: { slower: 0.18, interval: [0.13, 0.22], rounds: 12 },
  predictedMs: 1.2,
  terms: terms(0.7, 0.5),
});
const slower = candidate('WINOGRAD', {
  config: 'other',
  timeMs: 2,
  behind: { slower: 0.6, interval: [0.5, 0.7], rounds: 4 },
});
const fft = candidate('FFT', { status: 'not supported', reason: 'padding is larger than the filter' });
const gemm = candidate('GEMM', {
  status: 'not tried',
  reason: 'benchmarkLimit is 2',
  predictedMs: 0.9,
  memory: 432 * 1024,
});
const choice = (candidates: readonly Candidate[], more: Partial<AlgorithmChoice> = {}): AlgorithmChoice =>
  anyChoice(candidates, { layer: 'conv1', ...more });
const measured = choice([direct, winograd, slower, gemm, fft]);

describe('a race', () => {
  test('has a lane for each algorithm that was timed, its other configurations folded, and the rest out by their fate', () => {
    const { lanes, out } = raceOf(measured);
    expect(lanes.map(({ candidate: { algo }, others }) => [algo, others.length])).toEqual([
      ['DIRECT', 0],
      ['WINOGRAD', 1],
    ]);
    expect(out.map(({ title }) => title)).toEqual(['1 not tried', '1 cannot run']);
  });

  test('marks the guess of the model, also where that was not timed', () => {
    expect(raceOf(measured).lanes.some(({ guessed }) => guessed)).toBe(false);
    expect(raceOf(choice([direct, winograd])).lanes.map(({ guessed }) => guessed)).toEqual([true, false]);
  });

  test('draws the uncertainty that decided: of the winner its samples, of others how far they are behind', () => {
    const [first, second] = raceOf(measured).lanes;
    expect(first.spreadMs!.map((ms) => ms / 1.27)).toEqual([0.95, 1.05]);
    expect(second.spreadMs![0]).toBeCloseTo(1.27 * 1.13, 12);
    expect(second.spreadMs![1]).toBeCloseTo(1.27 * 1.22, 12);
  });

  test('draws what the model says where nothing was measured, and says that it is that', () => {
    const untried = [gemm, { ...gemm, candidateId: 'DIRECT', algo: 'DIRECT', predictedMs: 2 }];
    const { lanes, scaleMs } = raceOf(choice(untried, { source: 'heuristic' }));
    expect(lanes.map(({ timeMs, modelled }) => [timeMs, modelled])).toEqual([
      [0.9, true],
      [2, true],
    ]);
    expect(scaleMs).toBe(2);
  });

  test('while it is measured has whoever is in front on top, one candidate an algorithm, and who is out below', () => {
    const standing = (algo: string, more: Partial<StandingCandidate> = {}): StandingCandidate => ({
      candidateId: algo,
      algo,
      status: 'not tried',
      stage: 'timed',
      ...more,
    });
    const lanes = liveLanes({
      operation: 'conv2d',
      direction: 'forward',
      descriptor: '',
      candidates: [
        standing('WRONG', { status: 'disqualified', stage: 'compiled' }),
        standing('GEMM', { stage: 'waiting' }),
        standing('FFT', { stage: 'verified' }),
        standing('DIRECT', { timeMs: 2 }),
        standing('WINOGRAD', { timeMs: 1 }),
        standing('DIRECT', { timeMs: 0.5 }),
      ],
    });
    expect(lanes.map(({ algo, timeMs }) => [algo, timeMs])).toEqual([
      ['DIRECT', 0.5],
      ['WINOGRAD', 1],
      ['FFT', undefined],
      ['GEMM', undefined],
      ['WRONG', undefined],
    ]);
  });

  test('is said to go on in the background where the program does not wait for it', () => {
    const standing = { operation: 'conv2d', direction: 'forward', descriptor: '', candidates: [] } as const;
    expect(liveSentence(standing)).toBe('Measuring conv2d: its algorithms are compiled and verified.');
    expect(liveSentence({ ...standing, background: true })).toMatch(/^Measuring conv2d in the background: /);
  });

  test('has scales from nothing to the most', () => {
    const race = raceOf(choice([direct, winograd, { ...gemm, status: 'success', timeMs: 3, reason: undefined }]));
    expect(limitsOf(race)).toEqual([0, 3072, 442_368]);
    expect([memoryPlace(0, 442_368), memoryPlace(442_368, 442_368), memoryPlace(0, 0)]).toEqual([0, 1, 0]);
    expect([errorPlace(0, 1e-5), errorPlace(1, 1e-5)]).toEqual([0, 1]);
    expect(errorPlace(1e-5, 1e-5)).toBeCloseTo(4 / 5, 12); // 1e-9 to 1e-4 are five powers of ten
  });

  test('knows how long the pass takes with the guesses of the model', () => {
    const wrong = choice([direct, { ...winograd, predictedMs: 0.5 }]);
    expect(guessedPassMs([wrong, choice([direct, winograd])])).toBeCloseTo(1.27 * (1.18 + 1), 12);
    expect(guessedPassMs([choice([direct, winograd])])).toBeUndefined();
    expect(guessedPassMs([measured])).toBeUndefined(); // GEMM, the guess, was not timed
  });
});

describe('the headline', () => {
  test('quotes the winner, by how much, who ran, and why by the model', () => {
    expect(headlineOf([measured])).toMatchObject({
      sentence: 'conv1: DIRECT, 1.27 ms measured. WINOGRAD is 18% slower. 2 algorithms ran, 1 not tried, 1 cannot.',
      because:
        'By the model, WINOGRAD saves 300 µs of arithmetic and pays 500 µs more for moves. Agrees with float64: error 8.0e-7, 2.0e-5 allowed.',
    });
  });

  test('says where times do not decide, where the model was wrong, and where the adapter is a software one', () => {
    const close = {
      ...winograd,
      behind: { slower: 0.01, interval: [-0.04, 0.06], rounds: 12 } as const,
      predictedMs: 0.9,
    };
    expect(headlineOf([choice([direct, close], { software: true })])).toMatchObject({
      sentence:
        'conv1: DIRECT, 1.27 ms measured on a software adapter. Not told apart from WINOGRAD. 2 algorithms ran.',
      because: expect.stringMatching(/^The model expected WINOGRAD ahead: it saves 300 µs of arithmetic and pays/),
    });
  });

  test('tells what earlier measurements say apart from what the model does', () => {
    const learned = (ms: number) => ({ name: 'measured before', ms, detail: '' });
    const told = (ms: number) =>
      headlineOf([choice([direct, { ...winograd, terms: [...winograd.terms!, learned(ms)] }])])!.because;
    const model = 'By the model, WINOGRAD saves 300 µs of arithmetic and pays 500 µs more for moves. ';
    expect([told(2.49), told(-0.2)]).toEqual([
      expect.stringContaining(`${model}Earlier measurements put WINOGRAD 2.49 ms further behind. `),
      expect.stringContaining(`${model}Earlier measurements speak for WINOGRAD, by 200 µs. `),
    ]);
    expect(told(0.001)).not.toContain('Earlier');
  });

  test('says of a prediction that it is one', () => {
    const untried = { ...gemm, reason: undefined };
    const other = { ...untried, candidateId: 'DIRECT', algo: 'DIRECT', predictedMs: 1.8 };
    const sentence = (predictedMs: number) =>
      headlineOf([choice([untried, { ...other, predictedMs }], { source: 'heuristic' })])?.sentence;
    expect([sentence(1.8), sentence(0.9)]).toEqual([
      'conv1: GEMM, 900 µs by the model. DIRECT is ≈ 100% slower by the model. Nothing was measured.',
      'conv1: GEMM, 900 µs by the model. The model expects DIRECT to be as fast. Nothing was measured.',
    ]);
    expect(sentence(90)).toBe(
      'conv1: GEMM, 900 µs by the model. The model expects DIRECT to take over 100 times as long. Nothing was measured.',
    );
  });

  test('is of the convolution that takes the most time', () => {
    const pool = choice([candidate('DIRECT', { timeMs: 9 }), candidate('SLIDING', { timeMs: 9.5 })], {
      operation: 'pool2d',
    });
    const small = choice([{ ...direct, timeMs: 0.1 }, winograd], { layer: 'conv2' });
    expect(headlineOf([pool, small, measured])?.choice).toBe(measured);
    expect(headlineOf([choice([candidate('NAIVE')], { source: 'cpu reference' })])).toBeUndefined();
  });
});

test('no two algorithms that meet in one race have one sign', () => {
  const meet = [
    ...[...Object.values(convTable), gemmTable, attentionTable, reduceTable].map((table) => Object.keys(table)),
    ...(['forward', 'backward data'] as const).map((direction) => poolAlgorithms(direction).map(({ name }) => name)),
  ];
  for (const names of meet)
    for (const part of ['colour', 'letter'] as const)
      expect(new Set(names.map((name) => signOf(name)[part])).size, names.join()).toBe(names.length);
});
