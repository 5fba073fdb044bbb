/**
 * Intent: a reload shows what this tab had, and what another version of the page kept is left alone.
 */
import { beforeEach, expect, test, vi } from 'vitest';
import type { ForcedCandidate } from '../../src/dnn/choice/records.ts';

const problem = { operation: 'conv2d', direction: 'forward', descriptor: 'd' } as const;
const wanted: ForcedCandidate = { ...problem, algo: 'GEMM', candidateId: 'GEMM naive FMA' };

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.resetModules();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
  });
});

/** What the page forces after it has been loaded with these settings in the tab's storage. */
async function forcedAfterReload(settings: object): Promise<readonly ForcedCandidate[]> {
  kept.set('wudnn:settings', JSON.stringify({ benchmarkBudgetMs: 1000, ...settings }));
  const { keepRuns } = await import('../../src/playground/run-storage.ts');
  const { forced } = await import('../../src/playground/state.ts');
  keepRuns();
  return forced.value;
}

test('a candidate that this version forced is forced again', async () => {
  expect(await forcedAfterReload({ version: 2, forced: [wanted] })).toEqual([wanted]);
});

test('what a link forces goes before what the tab had without it, and what the tab had with it before that', async () => {
  const link = { ...wanted, algo: 'FFT', candidateId: 'FFT' };
  const afterReload = async (hash: string): Promise<readonly ForcedCandidate[]> => {
    kept.set('wudnn:settings', JSON.stringify({ version: 2, benchmarkBudgetMs: 1000, forced: [wanted], hash }));
    vi.resetModules();
    const { keepRuns } = await import('../../src/playground/run-storage.ts');
    const { forced } = await import('../../src/playground/state.ts');
    keepRuns({ force: [link] }, '#link');
    return forced.value;
  };
  expect(await afterReload('')).toEqual([link]);
  expect(await afterReload('#link')).toEqual([wanted]);
});

test('one that an older version kept, without its identity, is not', async () => {
  expect(await forcedAfterReload({ version: 1, forced: [{ ...problem, algo: 'GEMM', config: 'naive' }] })).toEqual([]);
});
