/**
 * Intent: an opened lesson brings its program, panes and switches; what the run shows is told to those who have
 * predicted, and only of the lesson's program; a reload goes on where the visitor was.
 */
import { beforeEach, expect, test, vi } from 'vitest';
import type { RunSuccess } from '../../src/session/protocol.ts';
import { candidate } from '../support/choices.ts';
import { convolution } from '../support/evidence.ts';

/** What a browser keeps, by the name of the storage. */
const kept = { localStorage: new Map<string, string>(), sessionStorage: new Map<string, string>() };

function storage(of: Map<string, string>) {
  return {
    getItem: (name: string) => of.get(name) ?? null,
    setItem: (name: string, text: string) => void of.set(name, text),
    removeItem: (name: string) => void of.delete(name),
    key: (i: number) => [...of.keys()][i],
    get length() {
      return of.size;
    },
  };
}

beforeEach(() => {
  for (const [name, of] of Object.entries(kept)) {
    of.clear();
    vi.stubGlobal(name, storage(of));
  }
  vi.stubGlobal('document', { documentElement: {} });
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => {} }));
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('navigator', { languages: ['en'] });
});

/** The page's modules as a visit with this hash loads them. */
async function visit(hash = '') {
  vi.stubGlobal('location', { hash });
  vi.resetModules();
  const [lesson, state, settings, programs, arrangement, language, chosen, progress] = await Promise.all([
    import('../../src/playground/lessons/lesson.ts'),
    import('../../src/playground/state.ts'),
    import('../../src/playground/settings.ts'),
    import('../../src/playground/programs/program.ts'),
    import('../../src/playground/bench/arrangement.ts'),
    import('../../src/playground/language.ts'),
    import('../../src/playground/chosen-language.ts'),
    import('../../src/playground/lessons/progress.ts'),
  ]);
  return { ...lesson, ...state, ...settings, ...programs, ...arrangement, ...language, ...chosen, ...progress };
}

type Page = Awaited<ReturnType<typeof visit>>;

/** A run of a program that ended well, with one measured race. */
function finish(page: Page, text: string): void {
  const race = convolution('conv1', '4×3×32×32 * 16×3×3×3, padding 1, float32', [
    candidate('DIRECT', { timeMs: 1 }),
    candidate('FFT', { timeMs: 2, behind: { slower: 1, interval: [0.9, 1.1], rounds: 9 } }),
  ]);
  const result: RunSuccess = { ok: true, device: 'webgpu', outputs: [], choices: [race], wallMs: 9 };
  page.lastRun.value = { result, text, at: 0 };
}

test('a lesson brings its program, its panes and its switches, and takes away what was forced', async () => {
  const page = await visit();
  page.forced.value = [{ operation: 'conv2d', direction: 'forward', descriptor: 'd', algo: 'A', candidateId: 'A' }];
  page.fixed.value = { deterministic: true };
  await page.beginLesson('which');
  expect(page.text.value).toBe(page.current.value!.files.program);
  expect(page.open.value.own).toBeUndefined();
  expect(page.openPanes.value).toContain('lesson');
  expect(page.fixed.value).toEqual({ benchmark: true });
  expect(page.forced.value).toEqual([]);
  await page.beginLesson('no-such-lesson');
  expect(page.current.value!.row.id).toBe('which');
});

test('the reveal waits for a prediction and for a run of the program', async () => {
  const page = await visit();
  await page.beginLesson('which');
  finish(page, 'console.log(1)');
  expect(page.finding.value).toBeUndefined();
  finish(page, page.text.value);
  expect(page.finding.value).toMatchObject({ verdict: 'holds', prediction: 0 });
  expect(page.revealed.value).toBeUndefined();
  page.predict(3);
  expect(page.revealed.value).toMatchObject({ verdict: 'holds' });
  expect(page.progress.value).toEqual({ which: { predicted: 3, verdict: 'holds' } });
  page.predict(0); // too late
  expect(page.predicted.value).toBe(3);
});

test('a changed program is checked too, and said to be one; the lesson gives its own back', async () => {
  const page = await visit();
  await page.beginLesson('which');
  const program = page.text.value;
  page.text.value = `${program}// mine`;
  finish(page, page.text.value);
  expect(page.ran.value).toMatchObject({ edited: true });
  page.putProgramBack();
  expect(page.text.value).toBe(program);
  expect(page.ran.value).toBeUndefined();
});

test('a reload goes on with the lesson, unless its pane was closed', async () => {
  const before = await visit();
  before.keepLayout();
  await before.beginLesson('im2col');
  const after = await visit();
  await after.openFirstLesson();
  expect(after.current.value?.row.id).toBe('im2col');
  expect(after.text.value).toBe(after.current.value!.files.program);

  before.closePane('lesson');
  const closed = await visit();
  await closed.openFirstLesson();
  expect(closed.current.value).toBeUndefined();
  expect(closed.openPanes.value).not.toContain('lesson');
});

test('a link opens a lesson in a language, and leaves the program that it brings', async () => {
  const page = await visit('#v=1&lesson=fft&lang=zh-Hans');
  await page.openFirstLesson();
  expect(page.current.value?.row.id).toBe('fft');
  expect(page.language.value).toBe('zh-Hans');
  expect(page.say({ en: 'a', zh: '甲' })).toBe('甲');

  const { writeLink } = await import('../../src/playground/link.ts');
  const mine = await visit(`#${writeLink({ lesson: 'fft', program: 'console.log(1)' })}`);
  await mine.openFirstLesson();
  expect(mine.current.value?.row.id).toBe('fft');
  expect(mine.text.value).toBe('console.log(1)');
});

test("the visitor's language stays, and a link's does not replace it", async () => {
  (await visit()).speak('zh-Hans');
  expect((await visit()).language.value).toBe('zh-Hans');
  expect((await visit('#v=1&lang=en')).language.value).toBe('en');
  expect((await visit()).language.value).toBe('zh-Hans');
});
