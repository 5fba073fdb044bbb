/**
 * @file What the visitor can do with the engine: run, stop. One thing is done at a time.
 */
import { batch, computed, signal } from '@preact/signals';
import { sha256Of } from '../base/checksum.ts';
import { messageOf } from '../base/errors.ts';
import type { RgbaImage } from '../base/rgba-image.ts';
import type { Words } from '../base/words.ts';
import { alike } from '../base/words.ts';
import { showPane } from './bench/arrangement.ts';
import type { ClientEvents, ProgramId } from './engine/client.ts';
import { createEngineClient, examplesId, StoppedError } from './engine/client.ts';
import type { Figure, ProgramError, RunResult } from '../session/protocol.ts';
import { addEntry, clearEntries, flushEntries } from './entries.ts';
import { formatDuration, formatHour } from '../base/format.ts';
import { allowedHosts, noteRefused } from './hosts.ts';
import { inputImage } from './input-image.ts';
import type { Inspected } from './inspection.ts';
import { inspecting, inspection, inspectionError } from './inspection.ts';
import { say } from './language.ts';
import { fixed } from './settings.ts';
import { isLessonsOwn, open, text, unchangedExample } from './programs/program.ts';
import {
  activity,
  benchmarkBudgetMs,
  busy,
  busySince,
  byHand,
  engineInfo,
  figures,
  forced,
  lastRun,
  lastSuccess,
  standing,
  status,
} from './state.ts';
import { walk } from './stepping.ts';

export const engine = createEngineClient();

/** The program whose run the engine remembers; a fresh engine remembers none. */
const remembered = signal<string | undefined>(undefined);

/** Whether the engine still has the last run, and it ended well. */
export const engineHasRun = computed(
  () => lastRun.value?.result.ok === true && remembered.value === lastRun.value.text,
);

/** Where what is shown is of a run that went with its engine, by Stop or a reload: the hour, in a sentence. */
export const earlierRun = computed(() => {
  const run = lastRun.value;
  if (busy.value || !run?.result.ok || engineHasRun.value) return undefined;
  const hour = formatHour(run.at);
  return say({
    en: `From the run that ended at ${hour}. Press Run for a new one.`,
    zh: `以下来自 ${hour} 结束的那次运行。点击“运行”可重新运行。`,
  });
});

/** The program that runs, or ran last. */
let ranText = '';
/** The image that it was given. */
export const ranWithImage = signal<RgbaImage | undefined>(undefined);

const hadThisImage = computed(() => ranWithImage.value === inputImage.value);

let work = new AbortController();

/** Says what the engine found. The page works while it starts; a run waits for it. */
export async function startEngine(): Promise<void> {
  try {
    engineInfo.value = await engine.start();
    if (activity.value === 'starting') rest({ en: 'Ready.', zh: '就绪。' });
  } catch (error) {
    rest(alike(messageOf(error)));
  }
}

export function run(): Promise<void> {
  return occupy('running', async () => endOf(await runProgram()));
}

/**
 * Runs the program of the last run once more, this time with instruments. What that run showed stays: the second one
 * only adds its inside.
 */
export function inspectRun(): Promise<void> {
  return occupy('running', async () => {
    if (!canInspect.value) return { en: 'Press Run first.', zh: '请先点击“运行”。' };
    status.value = { en: 'Looking inside…', zh: '正在查看内部…' };
    const result = await start(lastRun.value!.text, { ...events, console: () => {} }, true);
    const noted = await takeInspection(result, 'second run');
    batch(() => {
      inspection.value = noted;
      if (!result.ok) inspectionError.value = result.error.message;
    });
    remembered.value = result.ok ? ranText : undefined;
    if (result.ok) return { en: 'Looked inside the run.', zh: '已查看这次运行的内部。' };
    const place = placeText(result.error);
    return { en: `The second run failed${place.en}.`, zh: `第二次运行失败${place.zh}。` };
  });
}

/** Whether the program that the editor holds, with its image, is what ran last, and ended well. */
export const canInspect = computed(
  () => lastRun.value?.result.ok === true && lastRun.value.text === text.value && hadThisImage.value,
);

/** Ends whatever is being done. Text and results stay; a fresh engine starts. */
export async function stop(): Promise<void> {
  if (!busy.value || work.signal.aborted) return;
  work.abort();
  status.value = { en: 'Stopping…', zh: '正在停止…' };
  remembered.value = undefined;
  try {
    engineInfo.value = await engine.stop();
    rest({ en: 'Stopped. A fresh engine is ready.', zh: '已停止，新的引擎已就绪。' });
  } catch (error) {
    rest(alike(messageOf(error)));
  }
}

/**
 * Does what keeps the engine busy, unless it is busy already. `doIt` resolves to the line that says how it ended; what
 * it throws is that line too, unless the visitor stopped it.
 */
export async function occupy(
  what: 'running' | 'comparing',
  doIt: (stopped: AbortSignal) => Promise<Words>,
): Promise<void> {
  if (busy.value) return;
  const { signal } = (work = new AbortController());
  busySince.value = performance.now();
  activity.value = what;
  byHand.value = navigator.userActivation.isActive;
  let message: Words;
  try {
    message = await doIt(signal);
  } catch (error) {
    message = alike(messageOf(error));
  }
  flushEntries();
  if (!signal.aborted) rest(message);
}

/** Runs the program that the editor holds and shows its results. */
export async function runProgram(): Promise<RunResult> {
  const program = text.value;
  batch(() => {
    clearEntries();
    figures.value = [];
    status.value = { en: 'Running…', zh: '正在运行…' };
  });
  const inspect = inspecting.value;
  const result = await start(program, events, inspect);
  const noted = inspect ? await takeInspection(result, 'run') : undefined;
  batch(() => {
    flushEntries();
    standing.value = undefined;
    lastRun.value = { result, text: program, at: Date.now() };
    inspection.value = noted;
    if (result.ok) lastSuccess.value = result;
    else showPane('console');
  });
  remembered.value = program;
  return result;
}

async function start(program: string, heard: ClientEvents, inspect: boolean): Promise<RunResult> {
  remembered.value = undefined;
  inspectionError.value = undefined;
  ranText = program;
  const image = (ranWithImage.value = inputImage.value);
  return engine.run(program, heard, {
    program: await programId(),
    forced: forced.value,
    benchmarkBudgetMs: benchmarkBudgetMs.value,
    fixed: fixed.value,
    inspect,
    ...(image && { image: { width: image.width, height: image.height, rgba: image.rgba } }),
    hosts: allowedHosts.value,
  });
}

/** What the engine noted of a run; a run that cannot tell its inside is a run all the same. */
async function takeInspection({ ok }: RunResult, from: Inspected['from']): Promise<Inspected | undefined> {
  if (!ok) return undefined;
  try {
    return { ...(await engine.inspection()), from };
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    inspectionError.value = messageOf(error);
    return undefined;
  }
}

/**
 * Whose the program is, for what may outlive its run: the page's, one of the visitor's, or somebody's, known by its
 * text.
 */
async function programId(): Promise<ProgramId> {
  if (unchangedExample.value || isLessonsOwn.value) return examplesId;
  const { own } = open.value;
  return own ? `own ${own.id}` : `text ${await sha256Of(new TextEncoder().encode(text.value))}`;
}

/** Whether the engine still has the run of the text that the editor holds, with the image that there is. */
export function engineRemembers(): boolean {
  return engineHasRun.value && remembered.value === text.value && hadThisImage.value;
}

/** How a run ended, in one line. */
export function endOf(result: RunResult): Words {
  if (!result.ok) {
    const place = placeText(result.error);
    return { en: `Failed${place.en}.`, zh: `运行失败${place.zh}。` };
  }
  const { wallMs, device } = result;
  return {
    en: `Finished in ${formatDuration(wallMs)} on ${device}.`,
    zh: `运行完成，用时 ${formatDuration(wallMs)}（${device}）。`,
  };
}

/** The engine keeps to less by itself, unless a program makes it say more. */
const mostFigures = 100;

/** A figure in the place of an earlier one with its title. */
function showFigure(figure: Figure): void {
  const at = figures.value.findIndex(({ title }) => title === figure.title);
  if (at !== -1) figures.value = figures.value.with(at, figure);
  else if (figures.value.length < mostFigures) figures.value = [...figures.value, figure];
}

/** What is being done; what only the engine knows, it says in English. */
export function showProgress(what: string | Words): void {
  if (!busy.value || work.signal.aborted) return;
  const { en, zh } = typeof what === 'string' ? alike(what) : what;
  status.value = { en: `${en.charAt(0).toUpperCase()}${en.slice(1)}…`, zh: `${zh}…` };
}

const events: ClientEvents = {
  console: addEntry,
  figure: showFigure,
  progress: showProgress,
  refused: (url) => noteRefused(url, ranText),
  standing: (stands) => {
    if (busy.value && !work.signal.aborted) standing.value = stands;
  },
};

function rest(message: Words): void {
  batch(() => {
    activity.value = 'idle';
    standing.value = undefined;
    status.value = message;
  });
}

function placeText({ line, column }: ProgramError): Words {
  if (line === undefined) return alike('');
  return column === undefined
    ? { en: ` at line ${line}`, zh: `（第 ${line} 行）` }
    : { en: ` at line ${line}, column ${column}`, zh: `（第 ${line} 行第 ${column} 列）` };
}

/** Opens the Step pane at the start of a walk. */
export function seeItHappen(name: string): void {
  walk.value = name;
  showPane('step');
}
