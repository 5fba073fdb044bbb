/**
 * Intent: each lesson's check holds on a run that shows its claim, with the run's numbers in its sentence, and fails on
 * a planted run that contradicts it; what a noisy or changed run does not show is said to be not shown.
 */
import { describe, expect, test } from 'vitest';
import type { Candidate, PairedComparison } from '../../src/dnn/choice/records.ts';
import { lessons } from '../../src/lessons/index.ts';
import type { Evidence, Finding } from '../../src/lessons/lesson.ts';
import { findingOf } from '../../src/lessons/lesson.ts';
import { candidate } from '../support/choices.ts';
import { convolution, exportsOf, output, runOf } from '../support/evidence.ts';

const behind = (slower: number): PairedComparison => ({ slower, interval: [slower * 0.9, slower * 1.1], rounds: 12 });
const timed = (algo: string, timeMs: number, more: Partial<Candidate> = {}): Candidate =>
  candidate(algo, { timeMs, ...more });
const refused = (algo: string, reason: string): Candidate => candidate(algo, { status: 'not supported', reason });

interface Case {
  readonly holds: Evidence;
  /** What its sentence tells, of this run's numbers. */
  readonly tells: RegExp;
  readonly prediction?: number;
  readonly fails: Evidence;
  readonly cannot?: Evidence;
}

/** Seven rounds: six like the first, one like the last. */
const roundsOf = (usual: readonly number[], odd = usual): number[] =>
  [usual, usual, usual, odd, usual, usual, usual].flat();

const own = (more: Partial<Candidate>): Candidate => candidate('mine', { own: true, ...more });
const ownRace = (all: readonly Candidate[]): Evidence => runOf([], [convolution('', '2×8×16×16 * 16×8×3×3', all)]);
const line = (R: number, more = '', C = 24): string => `1×${C}×28×28 * 24×${C}×${R}×${R}${more}, float32`;
const limited = (layer: string, first: Candidate, more: readonly Candidate[] = []) =>
  convolution(layer, '1×32×28×28 * 32×32×3×3, padding 1, float32', [first, ...more]);
const overLimit = refused('GEMM', 'needs 903168 bytes of workspace, workspaceLimit is 0');
const gradients = (atomic: readonly string[], ordered: readonly string[], value = 2) => [
  ...atomic.map((checksum, i) => output(`atomic[${i}]`, [value, 1 + i / 1e6], { checksum })),
  ...ordered.map((checksum, i) => output(`ordered[${i}]`, [2, 1], { checksum })),
];
const same = ['a', 'a', 'a', 'a'];

const cases: Readonly<Record<string, Case>> = {
  which: {
    holds: runOf(
      [],
      [
        convolution('SimpleCNN.conv1', '4×3×32×32 * 16×3×3×3, padding 1, float32', [
          timed('DIRECT', 1.27),
          timed('WINOGRAD', 1.5, { behind: behind(0.18) }),
          refused('FFT', 'needs padding smaller than the filter'),
        ]),
      ],
    ),
    tells: /conv1 ran by DIRECT: 1\.27 ms\. .*WINOGRAD, is 18% slower\. 2 candidates .*1 other cannot run: FFT needs/,
    prediction: 0,
    fails: runOf([], [convolution('conv1', '', [timed('DIRECT', 1.27), candidate('WINOGRAD', { status: 'failed' })])]),
    cannot: runOf([], [convolution('conv1', '', [timed('DIRECT', 1)], { source: 'forced' })]),
  },
  im2col: {
    holds: runOf(
      [],
      [
        convolution('Layer.conv', '1×16×32×32 * 32×16×3×3, padding 1, float32', [
          candidate('GEMM', { memory: 589824 }),
          candidate('IMPLICIT_GEMM'),
        ]),
      ],
    ),
    tells: /input takes 64 KiB\. .*589,824 B, 576 KiB, 9× the input/,
    prediction: 2,
    fails: runOf(
      [],
      [
        convolution('conv', '1×16×32×32 * 32×16×3×3, padding 1, float32', [
          candidate('GEMM', { memory: 600000 }),
          candidate('IMPLICIT_GEMM'),
        ]),
      ],
    ),
    cannot: runOf([], [convolution('conv', line(3), [candidate('DIRECT')])]),
  },
  pointwise: {
    holds: runOf(exportsOf({ difference: [1e-6], largest: [4] }), [
      convolution('a', line(1), [candidate('GEMM')]),
      convolution('b', line(3, ', padding 1'), [candidate('GEMM', { memory: 451584 })]),
    ]),
    tells: /differ by 2\.5e-7 .*workspace of 0 B; .*441 KiB/,
    prediction: 1,
    fails: runOf(exportsOf({ difference: [0.1], largest: [4] }), [
      convolution('a', line(1), [candidate('GEMM')]),
      convolution('b', line(3), [candidate('GEMM', { memory: 451584 })]),
    ]),
  },
  winograd: {
    holds: runOf(exportsOf({ ms: [2, 1.5, 1], errors: [1e-6, 2e-6, 8e-6] }), [
      convolution('Layers.strided', '', [candidate('DIRECT'), refused('WINOGRAD', 'needs stride 1, got 2')]),
      convolution('Layers.wide', '', [candidate('DIRECT'), refused('WINOGRAD', 'needs a filter of 3×3, got 7×7')]),
    ]),
    tells: /WINOGRAD_NONFUSED took 1 ms, IMPLICIT_GEMM 2 ms: 2× as fast\. .*8× that of the plain sum.*needs stride 1/,
    prediction: 1,
    fails: runOf(exportsOf({ ms: [2, 1.5, 1], errors: [1e-6, 2e-6, 8e-6] }), [
      convolution('strided', '', [candidate('WINOGRAD')]),
      convolution('wide', '', [candidate('DIRECT'), refused('WINOGRAD', 'needs a filter of 3×3')]),
    ]),
    cannot: runOf(exportsOf({ ms: [2, NaN, 1], errors: [1e-6, NaN, 8e-6] }), [
      convolution('strided', '', [refused('WINOGRAD', 'needs stride 1')]),
      convolution('wide', '', [refused('WINOGRAD', 'needs a filter of 3×3')]),
    ]),
  },
  fft: {
    holds: runOf(exportsOf({ ms: roundsOf([0.1, 0.4, 2, 0.5], [0.1, 9, 2, 0.6]) })),
    tells:
      /DIRECT went from 100 µs to 2 ms \(20×\), FFT from 400 µs to 500 µs \(1\.3×\), fastest of 7 rounds\. At 3×3 DIRECT is 4× .*at 15×15 FFT is 4×/,
    prediction: 0,
    fails: runOf(exportsOf({ ms: roundsOf([0.1, 0.1, 0.5, 2]) })),
    cannot: runOf(exportsOf({ ms: roundsOf([0.1, 0.1, 0.5, 2], [0.1, 0.4, 2, 0.5]) })),
  },
  'filter-size': {
    holds: runOf(
      [],
      [
        convolution('a', line(3, ', padding 1'), [timed('WINOGRAD', 0.2), candidate('DIRECT')]),
        convolution('b', line(4, ', padding 2'), [timed('DIRECT', 1), refused('WINOGRAD', 'needs 3×3')]),
        convolution('c', line(5, ', padding 2'), [timed('WINOGRAD_NONFUSED', 0.5)]),
      ],
    ),
    tells: /3×3 WINOGRAD 200 µs, 4×4 DIRECT 1 ms, .*at 3×3 and 5×5 only\. 5×5 took less time than 4×4/,
    prediction: 1,
    fails: runOf(
      [],
      [3, 4, 5].map((R) => convolution('', line(R), [timed('WINOGRAD', R)])),
    ),
    cannot: runOf([], [convolution('a', line(3), [timed('DIRECT', 1)])]),
  },
  workspace: {
    holds: runOf(
      [],
      [
        limited('free', timed('WINOGRAD_NONFUSED', 1, { memory: 300_000 })),
        limited('tight', timed('WINOGRAD', 1.2, { memory: 40_000 }), [overLimit]),
        limited('none', timed('DIRECT', 2), [overLimit]),
      ],
    ),
    tells:
      /WINOGRAD_NONFUSED with 293 KiB\. With 64 KiB: WINOGRAD with 39\.1 KiB.*costs time: 2 ms instead of 1 ms, 2×/,
    prediction: 2,
    fails: runOf(
      [],
      [
        limited('free', timed('WINOGRAD', 1, { memory: 300_000 })),
        limited('tight', timed('WINOGRAD', 1, { memory: 300_000 }), [overLimit]),
        limited('none', timed('DIRECT', 2), [overLimit]),
      ],
    ),
  },
  benchmark: {
    holds: runOf(exportsOf({ callMs: [800, 3, 2, 2], measured: [1, 1, 1, 1], spentMs: [700] }), [
      convolution('', line(5), [
        timed('DIRECT', 1, { predictedMs: 2 }),
        timed('GEMM', 1.5, { predictedMs: 1, behind: behind(0.5) }),
      ]),
    ]),
    tells: /first call took 800 ms, since it measured for 700 ms; .*saves 500 µs: it pays after 1,400 calls/,
    prediction: 1,
    fails: runOf(exportsOf({ callMs: [800, 700, 700], measured: [1, 2, 3], spentMs: [2000] }), [
      convolution('', line(5), [timed('DIRECT', 1)]),
    ]),
    cannot: runOf(exportsOf({ callMs: [8, 3, 2], measured: [0, 0, 0], spentMs: [0] }), [
      convolution('', line(5), [candidate('DIRECT', { predictedMs: 1 })], { source: 'heuristic' }),
    ]),
  },
  'dynamic-shapes': {
    holds: runOf(exportsOf({ sides: [20, 23, 20, 23], stepMs: [500, 600, 2, 3], measured: [1, 2, 2, 2] }), [
      convolution('', '1×8×20×20', [timed('DIRECT', 1)]),
      convolution('', '1×8×23×23', [timed('DIRECT', 1)]),
    ]),
    tells: /2 of 2 sizes were new and measured: such a step took 600 ms, one with a known size 3 ms, 200×/,
    prediction: 1,
    fails: runOf(exportsOf({ sides: [20, 23, 20, 23], stepMs: [500, 600, 500, 3], measured: [1, 2, 3, 3] }), [
      convolution('', '1×8×20×20', [timed('DIRECT', 1)]),
      convolution('', '1×8×23×23', [timed('DIRECT', 1)]),
    ]),
    cannot: runOf(exportsOf({ sides: [20, 20, 20, 20], stepMs: [5, 6, 5, 3], measured: [0, 0, 0, 0] }), [
      convolution('', '1×8×20×20', [candidate('DIRECT')], { source: 'heuristic' }),
    ]),
  },
  depthwise: {
    holds: runOf(
      [],
      [
        convolution('dense', '1×64×28×28 * 64×64×3×3, padding 1, float32', [timed('WINOGRAD', 4)]),
        convolution('depthwise', '1×64×28×28 * 64×1×3×3, padding 1, groups 64, float32', [timed('DIRECT', 0.8)]),
      ],
    ),
    tells:
      /64× fewer operations and took 800 µs instead of 4 ms: 5× as fast\. It runs at 1\.1 GFLOP\/s, .* 14 GFLOP\/s/,
    prediction: 2,
    fails: runOf(
      [],
      [
        convolution('dense', '1×64×28×28 * 64×64×3×3, padding 1, float32', [timed('WINOGRAD', 80)]),
        convolution('depthwise', '1×64×28×28 * 64×1×3×3, padding 1, groups 64, float32', [timed('DIRECT', 0.8)]),
      ],
    ),
    cannot: runOf(
      [],
      [
        convolution('dense', '1×64×28×28 * 64×64×3×3, padding 1, float32', [timed('WINOGRAD', 40)]),
        convolution('depthwise', '1×64×28×28 * 64×1×3×3, padding 1, groups 64, float32', [timed('DIRECT', 0.8)]),
      ],
    ),
  },
  determinism: {
    holds: runOf(gradients(['a', 'b', 'a', 'c'], same)),
    tells: /ALGO_0 gave 3 different results in four runs.*differ by up to 3\.0e-6/,
    prediction: 1,
    fails: runOf(gradients(['a', 'b', 'a', 'c'], ['a', 'a', 'b', 'a'])),
    cannot: runOf(gradients(same, same)),
  },
  batch: {
    holds: runOf(exportsOf({ otherAlgorithm: [1e-5], sameAlgorithm: [0], summed: [0.05], largest: [4] })),
    tells: /sum to 0\.05, the largest is 2\.5e-6 .*Both by DIRECT: not one bit differs/,
    prediction: 1,
    fails: runOf(exportsOf({ otherAlgorithm: [0.5], sameAlgorithm: [0], summed: [900], largest: [4] })),
  },
  half: {
    holds: runOf(exportsOf({ errors: [3e-4, 2.4e-3, 1.2e-2] })),
    tells: /fp16 3\.0e-4 .*bf16 2\.4e-3 .*int8 1\.2e-2 .*8× that of fp16: three bits fewer, 3\.0 bits lost/,
    prediction: 2,
    fails: runOf(exportsOf({ errors: [3e-3, 2.4e-3, 1.2e-2] })),
  },
  tf32: {
    holds: runOf(exportsOf({ plain: [2e-6], rounded: [4e-3], largest: [20] })),
    tells: /differ by 1\.0e-7 .* it is 2\.0e-4, 2,000× as much\. Simulated: WebGPU has no TF32/,
    prediction: 1,
    fails: runOf(exportsOf({ plain: [4e-3], rounded: [4e-3], largest: [20] })),
  },
  fusion: {
    holds: runOf(exportsOf({ kernels: [2, 1], bytes: [1_900_000, 700_000], ms: [1, 0.7], activation: [589_824] })),
    tells: /1 kernel instead of 2; 1\.14 MiB of 1\.81 MiB .* 700 µs instead of 1 ms, 30% less/,
    prediction: 1,
    fails: runOf(exportsOf({ kernels: [2, 2], bytes: [1_900_000, 1_800_000], ms: [1, 1], activation: [589_824] })),
    cannot: runOf(exportsOf({ kernels: [2, 2], bytes: [1, 1], ms: [1, 1], activation: [589_824] })),
  },
  naive: {
    holds: runOf(exportsOf({ naiveMs: [4, 6, 2], tunedMs: [1, 1, 1] })),
    tells: /takes 12 ms for all layers, the fastest candidates 3 ms: 4× \(by layer: 4×, 6×, 2×\)/,
    prediction: 1,
    fails: runOf(exportsOf({ naiveMs: [1, 1, 1], tunedMs: [4, 6, 2] })),
    cannot: runOf(exportsOf({ naiveMs: [1, 1, 1], tunedMs: [1, 1, 0.9] })),
  },
  overhead: {
    holds: runOf(exportsOf({ sides: [4, 64, 256], hostMs: [0.0005, 0.2, 15], deviceMs: [0.3, 0.35, 3] })),
    tells: /At 4×4 loops take 0\.5 µs, the device 300 µs\. At 256×256 .*From 256×256 on the device is faster/,
    prediction: 2,
    fails: runOf(exportsOf({ sides: [4, 256], hostMs: [0.5, 15], deviceMs: [0.3, 3] })),
    cannot: runOf(exportsOf({ sides: [4, 256], hostMs: [0.2, 15], deviceMs: [0.3, 3] })),
  },
  'own-kernel': {
    holds: ownRace([
      timed('DIRECT', 1),
      own({ timeMs: 1.3, behind: behind(0.3), maxError: 3e-7, tolerance: 1e-5 }),
      timed('FFT', 9),
    ]),
    tells:
      /mine is right: its largest error is 3e-7 .* 1\.3 ms and is number 2 of 3 algorithms .* 30% slower than DIRECT/,
    prediction: 1,
    fails: ownRace([
      timed('DIRECT', 1),
      own({ status: 'disqualified', reason: 'the first wrong output is y[0, 0, 0, 0]' }),
    ]),
    cannot: ownRace([timed('DIRECT', 1), own({ status: 'not tried', reason: 'the budget was spent' })]),
  },
};

const find = async (id: string, evidence: Evidence): Promise<Finding> => {
  const { lesson } = await lessons.find((row) => row.id === id)!.load();
  return findingOf(lesson, evidence);
};

test('every lesson has its cases', () => {
  expect(Object.keys(cases).toSorted()).toEqual(lessons.map(({ id }) => id).toSorted());
});

describe.each(Object.entries(cases))('%s', (id, { holds, tells, prediction, fails, cannot }) => {
  test('holds, with the numbers of the run, in both languages', async () => {
    const finding = await find(id, holds);
    expect(finding).toMatchObject({ verdict: 'holds', prediction });
    expect(finding.text.en).toMatch(tells);
    // Of the first five numbers each is told in both.
    for (const [number] of [...finding.text.en.matchAll(/\d+(?:\.\d+)? (?:ms|µs|KiB)/g)].slice(0, 5))
      expect(finding.text.zh).toContain(number);
    expect(finding.text.zh).toMatch(/\p{Script=Han}/u);
  });

  test('fails on a planted contradiction', async () => {
    expect(await find(id, fails)).toMatchObject({ verdict: 'fails' });
  });

  if (cannot)
    test('is not shown by a run that does not tell', async () => {
      expect(await find(id, cannot)).toMatchObject({ verdict: 'cannot' });
    });

  test('is not shown by a run of another program', async () => {
    const finding = await find(id, runOf([]));
    expect(finding.verdict).toBe('cannot');
    expect(finding.text.en).toMatch(/Reset the program|needs three/);
  });
});

test('of a kernel that is the fastest, the next is told, or that the two are not told apart', async () => {
  const first = own({ timeMs: 1, maxError: 0, tolerance: 1e-5 });
  const finding = await find('own-kernel', ownRace([first, timed('DIRECT', 2, { behind: behind(1) })]));
  expect(finding).toMatchObject({
    prediction: 0,
    text: { en: expect.stringMatching(/DIRECT, the next, is 2× slower|DIRECT, the next, is \d+% slower/) },
  });
  const close = await find(
    'own-kernel',
    ownRace([first, timed('DIRECT', 1, { behind: { slower: 0, interval: [-1, 1], rounds: 3 } })]),
  );
  expect(close.text.en).toMatch(/DIRECT is not told apart from it/);
  const alone = await find('own-kernel', ownRace([first]));
  expect(alone).toMatchObject({
    verdict: 'holds',
    text: { en: expect.stringContaining('no other algorithm was timed') },
  });
  expect(alone.prediction).toBeUndefined();
});

test('a race that the times leave open confirms no prediction', async () => {
  const close: PairedComparison = { slower: 0.01, interval: [-0.02, 0.04], rounds: 9 };
  const race = [
    timed('WINOGRAD', 1),
    timed('DIRECT', 1.01, { behind: close }),
    timed('GEMM', 2, { behind: behind(1) }),
  ];
  const finding = await find('which', runOf([], [convolution('conv1', '', race)]));
  expect([finding.verdict, finding.prediction]).toEqual(['holds', undefined]);
  expect(finding.text.en).toContain('Not told apart from it: DIRECT.');
});

test('without a GPU a lesson that needs one says so, and one of plain numbers still finds', async () => {
  const onCpu = (evidence: Evidence): Evidence => ({ ...evidence, device: 'cpu', adapter: undefined });
  const finding = await find('which', onCpu(cases['which'].holds));
  expect(finding).toMatchObject({ verdict: 'cannot', text: { en: expect.stringContaining('cpu reference') } });
  expect(await find('tf32', onCpu(cases['tf32'].holds))).toMatchObject({ verdict: 'holds' });
});
