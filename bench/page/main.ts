/**
 * @file `npm run bench -- page`: how long the page takes until it is there, and what on its main thread kept the visitor
 * waiting: each long task from 100 ms on, by what the visitor did, with the script that took most of it. Served as by
 * `npm start`, in a Chromium with a software adapter; figures are of this machine, best on a quiet one.
 */
import { parseArgs } from 'node:util';
import type { Page } from 'puppeteer';
import { serve } from '../../src/bridge/serve.ts';
import { wholeNumber } from '../../src/cli/arguments.ts';
import { formatTable } from '../../src/cli/table.ts';
import { paneIds, panes } from '../../src/playground/panes/index.ts';
import { run, showPane, startPlayground } from '../../test/support/browser.ts';

const longMs = 100;

interface Task {
  readonly start: number;
  readonly ms: number;
  /** The script that took most of it, and for how long. */
  readonly script: string;
}

interface Visit {
  readonly paintMs: number;
  readonly readyMs: number;
  /** By what the visitor did, in order. */
  readonly stages: ReadonlyMap<string, readonly Task[]>;
}

/** Runs before the page's scripts. */
function observe(): void {
  if (self !== top) return;
  const frames: unknown[] = [];
  Object.assign(globalThis, { wudnnFrames: frames });
  new PerformanceObserver((list) =>
    frames.push(...list.getEntries().map((entry) => entry.toJSON() as unknown)),
  ).observe({ type: 'long-animation-frame', buffered: true });
  const tasks: unknown[] = [];
  Object.assign(globalThis, { wudnnTasks: tasks });
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.toJSON() as unknown))).observe(
    { type: 'longtask', buffered: true },
  );
}

interface Observed {
  readonly now: number;
  readonly tasks: readonly { startTime: number; duration: number }[];
  readonly frames: readonly {
    startTime: number;
    duration: number;
    scripts: readonly {
      startTime: number;
      duration: number;
      sourceURL: string;
      sourceFunctionName: string;
      invoker: string;
    }[];
  }[];
}

const observed = (page: Page): Promise<Observed> =>
  page.evaluate(async () => {
    // Entries come after the frame that they are of.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { wudnnTasks: tasks, wudnnFrames: frames } = globalThis as unknown as Record<string, Observed['tasks']>;
    return { now: performance.now(), tasks, frames } as unknown as Observed;
  });

function tasksBetween({ tasks, frames }: Observed, from: number, to: number): Task[] {
  const scripts = frames.flatMap((frame) => frame.scripts);
  return tasks
    .filter(({ startTime, duration }) => startTime >= from && startTime < to && duration >= longMs)
    .map(({ startTime, duration }) => {
      const [longest] = scripts
        .filter((script) => script.startTime < startTime + duration && script.startTime + script.duration > startTime)
        .toSorted((a, b) => b.duration - a.duration);
      return { start: startTime, ms: duration, script: longest ? nameOf(longest) : 'no script of long' };
    });
}

function nameOf({
  sourceURL,
  sourceFunctionName,
  invoker,
  duration,
}: Observed['frames'][number]['scripts'][number]): string {
  const file = sourceURL.split('/').at(-1)?.split('?')[0] || invoker;
  return `${[file, sourceFunctionName].filter(Boolean).join(' ')} (${Math.round(duration)} ms)`;
}

async function visit(): Promise<Visit> {
  const site = await serve({ port: 5300 });
  const playground = await startPlayground({ site, typescript: true });
  try {
    const page = await playground.openWith(async (fresh) => {
      await fresh.evaluateOnNewDocument(observe);
      await fresh.goto(site.entry());
    });
    const stages = new Map<string, Task[]>();
    let last = 0;
    const stage = async (name: string): Promise<number> => {
      const all = await observed(page);
      stages.set(name, tasksBetween(all, last, all.now));
      last = all.now;
      return all.now;
    };
    const readyMs = await page.evaluate(() => performance.now());
    await stage('open');
    await run(page);
    await stage('Run');
    for (const id of paneIds) {
      if (!(await page.$(`::-p-aria([role="tab"][name="${panes[id].title.en}"])`))) continue;
      await showPane(page, panes[id].title.en);
      await stage(`show ${panes[id].title.en}`);
    }
    await run(page);
    await stage('Run with instruments');
    for (const id of paneIds) {
      if (!(await page.$(`::-p-aria([role="tab"][name="${panes[id].title.en}"])`))) continue;
      await showPane(page, panes[id].title.en);
      await stage(`${panes[id].title.en}, filled`);
    }
    const paintMs = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    );
    return { paintMs, readyMs, stages };
  } finally {
    await playground.close();
  }
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { visits: { type: 'string' } } });
  const visits: Visit[] = [];
  for (let i = 0; i < wholeNumber('--visits', values.visits ?? '3'); i++) visits.push(await visit());
  const each = (of: (one: Visit) => number): string => visits.map((one) => Math.round(of(one))).join(', ');
  process.stdout.write(
    `first paint after ${each(({ paintMs }) => paintMs)} ms, ready after ${each(({ readyMs }) => readyMs)} ms, measured in ${visits.length} first visits\n\n`,
  );
  const rows = [...visits[0].stages.keys()].map((name) => {
    const counts = visits.map(({ stages }) => stages.get(name)?.length ?? 0);
    const [worst] = visits.flatMap(({ stages }) => stages.get(name) ?? []).toSorted((a, b) => b.ms - a.ms);
    return [name, counts.join(', '), worst ? `${Math.round(worst.ms)} ms` : '–', worst?.script ?? ''];
  });
  process.stdout.write(formatTable(['what the visitor did', `tasks ≥ ${longMs} ms`, 'longest', 'most of it'], rows));
}
