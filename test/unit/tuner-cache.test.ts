/**
 * Intent: measured plans outlive a session, bounded and explained; what is damaged is set aside; two writers do no
 * harm.
 */
import { mkdtempSync, readFileSync, readdirSync, writeFileSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { PlanFile, defaultPlanFile } from '../../src/cli/plan-file.ts';
import type { CacheEntry, PlanStore } from '../../src/dnn/choice/cache.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import { chosenOf } from '../../src/dnn/choice/verdict.ts';
import { correctionFor } from '../../src/dnn/model/history.ts';
import type { Rates } from '../../src/dnn/model/rates.ts';
import { wudnn } from '../support/command.ts';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'wudnn-plans-')), 'plans.jsonl');
});

function entry(key: string, over: Partial<CacheEntry> = {}): CacheEntry {
  const candidate = {
    candidateId: 'GEMM 8×8 FMA',
    algo: 'GEMM',
    config: '8×8',
    status: 'success',
    memory: 0,
    determinism: 'deterministic',
    mathType: 'FMA',
    timeMs: 1,
  } as const;
  const choice = {
    operation: 'conv2d',
    direction: 'forward',
    descriptor: key,
    candidateId: 'GEMM 8×8 FMA',
    chosen: 'GEMM',
    chosenConfig: '8×8',
    source: 'measured',
    adapter: 'a',
    software: true,
    candidates: [candidate],
  } as const;
  return { key, choice, tuningMs: 100, gainMs: 2, measured: 1, used: 1, ...over };
}

const cacheOn = (file = path, onTrouble?: (text: string) => void): PlanCache =>
  new PlanCache({ store: new PlanFile(file), onTrouble });

test("tests keep their plans in a folder of their own, never in the user's", () => {
  expect(defaultPlanFile()).toMatch(/wudnn-test-cache-[\w-]+[/\\]wudnn[/\\]plans\.jsonl$/);
  expect(defaultPlanFile().startsWith(tmpdir())).toBe(true);
});

describe('what is kept', () => {
  test('is found again by the next session, with every candidate', async () => {
    await cacheOn().record(entry('k'));
    const found = await cacheOn().lookup('k');
    expect(found?.choice.candidates[0]).toMatchObject({ algo: 'GEMM', timeMs: 1 });
    expect(await cacheOn().lookup('other')).toBeUndefined();
  });

  test('is found again where a candidate gave infinite numbers, which JSON does not have', async () => {
    const { choice, ...rest } = entry('k');
    const [winner] = choice.candidates;
    const wrong = {
      ...winner,
      candidateId: 'w',
      status: 'disqualified',
      maxError: Infinity,
      reason: 'is NaN',
    } as const;
    await cacheOn().record({ ...rest, choice: { ...choice, candidates: [{ ...winner, maxError: 1e-6 }, wrong] } });
    const found = await cacheOn().lookup('k');
    expect(found?.choice.candidates.map(({ maxError, reason }) => [maxError, reason])).toEqual([
      [1e-6, undefined],
      [undefined, 'is NaN'],
    ]);
  });

  test('counts hits, misses, time spent and time saved, by key and in all', async () => {
    const cache = cacheOn();
    await cache.lookup('k');
    await cache.record(entry('k'));
    await cache.lookup('k');
    await cache.lookup('k');
    expect(cache.counts('k')).toEqual({ hits: 2, misses: 1, tuningMs: 100, savedMs: 200 });
    await cache.lookup('other');
    expect(cache.counts()).toEqual({ hits: 2, misses: 2, tuningMs: 100, savedMs: 200 });
  });

  test('is bounded: the least recently used goes first, here and in the store', async () => {
    const cache = new PlanCache({ store: new PlanFile(path), capacity: 2 });
    await cache.record(entry('a'));
    await cache.record(entry('b'));
    await cache.lookup('a');
    await cache.record(entry('c'));
    expect((await cache.list()).map((e) => e.key)).toEqual(['c', 'a']);
    expect((await cacheOn().list()).map((e) => e.key).toSorted()).toEqual(['a', 'c']);
  });

  test('can be cleared', async () => {
    const cache = cacheOn();
    await cache.record(entry('k'));
    await cache.clear();
    expect(await cache.list()).toEqual([]);
    expect(await cacheOn().list()).toEqual([]);
  });
});

describe('the rates of an adapter', () => {
  const rates: Rates = {
    fma: { f32: 20, f32x4: 30 },
    exponential: 0.5,
    load: 2,
    load4: 3,
    shared: 1,
    memory: 5,
    barrier: 0.1,
    move: 0.2,
    launchNs: 1e4,
    workgroupNs: 200,
    saturation: 2,
    lanes: 8,
    quantumNs: 1,
  };

  test('are kept beside the plans, and go with them', async () => {
    await cacheOn().recordRates('adapter', rates);
    await cacheOn().record(entry('k'));
    expect(await cacheOn().lookupRates('adapter')).toEqual(rates);
    expect(await cacheOn().list()).toHaveLength(1);
    await cacheOn().clear();
    expect(await cacheOn().lookupRates('adapter')).toBeUndefined();
  });

  test('that are no rates are damage', async () => {
    const said: string[] = [];
    appendFileSync(path, `${JSON.stringify({ put: { key: 'adapter', rates: { ...rates, memory: 0 }, used: 1 } })}\n`);
    expect(await cacheOn(path, (text) => said.push(text)).lookupRates('adapter')).toBeUndefined();
    expect(said).toHaveLength(1);
  });
});

describe('export and import', () => {
  test('take everything to another machine; newer entries win', async () => {
    const [from, to] = [cacheOn(), new PlanCache()];
    await from.record(entry('a', { measured: 5 }));
    await from.record(entry('b', { measured: 5 }));
    await to.record(entry('a', { measured: 9 }));
    expect(await to.importJson(await from.exportJson())).toBe(1);
    expect((await to.list()).map((e) => [e.key, e.measured])).toEqual([
      ['b', 5],
      ['a', 9],
    ]);
  });

  test.for([
    ['what is not JSON', '{', /the import is not JSON/],
    ['another format', '{"format":"x","entries":[]}', /has the format "x", expected 'wudnn plans 3'/],
    [
      'what an older version exported',
      '{"format":"wudnn plans 2","entries":[]}',
      /has the format "wudnn plans 2", expected 'wudnn plans 3'; make it with exportJson\(\)/,
    ],
    ['a number', '3', /has the format undefined/],
    [
      'an entry that is none',
      '{"format":"wudnn plans 3","entries":[{"key":"k"}]}',
      /entry 0 of the import is not a measured choice; nothing was taken over/,
    ],
  ] as const)('%s is refused and changes nothing', async ([, text, message]) => {
    const cache = new PlanCache();
    await expect(cache.importJson(text)).rejects.toThrow(message);
    expect(await cache.list()).toEqual([]);
  });
});

describe('a damaged store', () => {
  test('is set aside with a message, and what can be read goes on', async () => {
    await cacheOn().record(entry('good'));
    appendFileSync(path, 'not json\n{"put":{"key":"half"}}\n');
    const said: string[] = [];
    const cache = cacheOn(path, (text) => said.push(text));
    expect(await cache.lookup('good')).toBeDefined();
    expect(said).toEqual([
      expect.stringMatching(
        /^plan cache: 2 of 3 lines of .* could not be read; the file was kept as .*damaged-\d+, and the other lines are used$/,
      ),
    ]);
    const aside = readdirSync(join(path, '..')).find((name) => name.includes('damaged'))!;
    expect(readFileSync(join(path, '..', aside), 'utf8')).toContain('not json');
    await cache.record(entry('new'));
    expect((await cacheOn().list()).map((e) => e.key).toSorted()).toEqual(['good', 'new']);
  });

  test('that is no text at all loses its entries and nothing else', async () => {
    writeFileSync(
      path,
      Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256),
    );
    const said: string[] = [];
    const cache = cacheOn(path, (text) => said.push(text));
    await cache.record(entry('new'));
    expect(said).toHaveLength(1);
    expect((await cacheOn().list()).map((e) => e.key)).toEqual(['new']);
  });

  test('that fails is told once, and the session goes on from memory', async () => {
    const refuse = (): Promise<never> => Promise.reject(new Error('quota exceeded'));
    const store: PlanStore = {
      load: async () => ({ entries: [] }),
      put: refuse,
      touch: refuse,
      delete: refuse,
      clear: refuse,
    };
    const said: string[] = [];
    const cache = new PlanCache({ store, onTrouble: (text) => said.push(text) });
    await cache.record(entry('a'));
    await cache.record(entry('b'));
    expect(await cache.lookup('a')).toBeDefined();
    expect(said).toEqual([
      'plan cache: the store failed (quota exceeded); choices measured now are lost when this session ends',
    ]);
  });
});

test('what an older version kept is dropped without a word, and measured anew', async () => {
  const key = (version: string): string => `conv2d {"N":1} | ${version}adapter 0 | kernels 0`;
  const {
    candidateId: _,
    candidates: [{ candidateId: __, ...older }],
    ...choice
  } = entry('').choice;
  const outdated = { ...entry(key('records 2 | ')), choice: { ...choice, candidates: [older] } };
  const rates = { key: 'rates | adapter 0 | probes 0', rates: { fma: { f32: 20, f32x4: 30 } }, used: 1 };
  for (const put of [outdated, rates]) appendFileSync(path, `${JSON.stringify({ put })}\n`);
  await cacheOn().record(entry(key('records 3 | ')));
  const said: string[] = [];
  expect((await cacheOn(path, (text) => said.push(text)).list()).map((e) => e.key)).toEqual([key('records 3 | ')]);
  expect(said).toEqual([]);
});

describe('two sessions at once', () => {
  test('keep the entries of both', async () => {
    const [one, two] = [cacheOn(), cacheOn()];
    await Promise.all([one.list(), two.list()]);
    const keys = Array.from({ length: 40 }, (_, i) => `k${String(i).padStart(2, '0')}`);
    await Promise.all(keys.map((key, i) => (i % 2 ? one : two).record(entry(key))));
    expect((await cacheOn().list()).map((e) => e.key).toSorted()).toEqual(keys);
  });

  test('a line that another program left unfinished costs that line alone', async () => {
    await cacheOn().record(entry('a'));
    appendFileSync(path, '{"put":{"key":"torn');
    await cacheOn(path, () => {}).record(entry('b'));
    expect((await cacheOn().list()).map((e) => e.key).toSorted()).toEqual(['a', 'b']);
  });

  test('a journal of mostly history is written anew', async () => {
    const cache = cacheOn();
    for (let i = 0; i < 300; i++) await cache.record(entry('k', { measured: i }));
    expect((await cacheOn().lookup('k'))?.measured).toBe(299);
    expect(readFileSync(path, 'utf8').split('\n').filter(Boolean).length).toBeLessThan(10);
  });
});

describe('an entry that was edited', () => {
  const whole = entry('k');

  /** Every value within, and the way to it. */
  function* places(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
    yield path;
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value))
        yield* places(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }

  function changed([key, ...rest]: readonly (string | number)[], value: unknown, by: unknown): unknown {
    if (key === undefined) return by;
    const copy = structuredClone(value) as Record<string | number, unknown>;
    const inner = changed(rest, copy[key], by);
    if (inner === undefined) delete copy[key];
    else copy[key] = inner;
    return copy;
  }

  const others = [undefined, null, 0, -1, 'x', '', true, [], {}, [null], [{}]];

  test('is whole or no entry, wherever and however it was changed', async () => {
    let kept = 0;
    for (const place of places(whole)) {
      for (const other of others) {
        const text = JSON.stringify({ put: changed(place, whole, other) });
        writeFileSync(path, `${text}\n`);
        const entries = await new PlanCache({ store: new PlanFile(path), onTrouble: () => {} }).list();
        for (const { choice } of entries) {
          kept++;
          expect(chosenOf(choice), text).toMatchObject({ status: 'success', memory: expect.any(Number) });
        }
        expect(
          () => correctionFor({ key: 'k', operation: 'conv2d', direction: 'forward' }, 'a', entries).factor('GEMM'),
          text,
        ).not.toThrow();
      }
    }
    expect(kept).toBeGreaterThan(0);
  });

  test('with a text that looks like another is none', async () => {
    for (const algo of ['GEMM\u202e', '\u001b[31mGEMM', 'GE\u200bMM']) {
      const choice = { ...whole.choice, candidates: [{ ...whole.choice.candidates[0], algo }] };
      writeFileSync(path, `${JSON.stringify({ put: { ...whole, choice } })}\n`);
      expect(await new PlanCache({ store: new PlanFile(path), onTrouble: () => {} }).list(), algo).toEqual([]);
    }
  });

  test('without candidates is none, nor with a choice that is not among them', async () => {
    for (const choice of [
      { ...whole.choice, candidates: [] },
      { ...whole.choice, candidateId: 'FFT FMA' },
    ]) {
      writeFileSync(path, `${JSON.stringify({ put: { ...whole, choice } })}\n`);
      expect(await cacheOn(path, () => {}).lookup('k')).toBeUndefined();
    }
  });
});

test('`wudnn tune --list` prints what a file keeps, the most recently used first', async () => {
  const cache = cacheOn();
  await cache.record(entry('4×3×32×32 * 16×3×3×3, float32', { measured: Date.now() - 3 * 3_600_000 }));
  await cache.record(entry('later', { measured: Date.now() }));
  const { status, stdout } = await wudnn(['tune', '--list', '--cache', path]);
  expect(status).toBe(0);
  const [head, , ...rows] = stdout.trimEnd().split('\n');
  expect(head).toMatch(/^problem +fastest +configuration +ms +took +measured +adapter$/);
  expect(rows[0]).toMatch(/^conv2d later +GEMM +8×8 +1\.00 +100 ms +just now +a$/);
  expect(rows[1]).toMatch(/^conv2d 4×3×32×32 \* 16×3×3×3, float32 +GEMM +8×8 +1\.00 +100 ms +3 hours ago +a$/);
  const { entries } = JSON.parse((await wudnn(['tune', '--list', '--cache', path, '--json', '-'])).stdout) as {
    entries: CacheEntry[];
  };
  expect(entries.map(({ key }) => key)).toEqual(['later', '4×3×32×32 * 16×3×3×3, float32']);
});
