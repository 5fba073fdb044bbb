/**
 * @file The map of a remote's cuDNN beside that of this page: what a job that asks about the map's shapes told, or what
 * a recorded run or results made by hand have of them. A shape is known by its sizes and dtype, so what was told stays
 * while the axes change.
 */
import { computed, signal } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import { counted } from '../base/format.ts';
import type { Cell, CrossoverMap, Entry } from '../crossover/map.ts';
import type { AskedCell } from '../remote/map-job.ts';
import type { Report } from '../remote/report.ts';
import { occupy, showProgress } from './actions.ts';
import { cells, map } from './crossovers.ts';
import { say } from './language.ts';
import type { PageRemote } from './remote-kinds/kind.ts';
import { remotes } from './remotes.ts';
import { saveFile } from './save.ts';

type ReportedCell = NonNullable<Report['cells']>[number];

/** The remote whose map is wanted, by its key; `''` where none is, `undefined` before the visitor said. */
export const wanted = signal<string | undefined>(undefined);

/** Why there is no map of it. */
export const noMap = signal<string | undefined>(undefined);

/** What jobs of this visit told, by the remote's key. */
const told = signal<ReadonlyMap<string, Report>>(new Map());

/** Those that can be asked, and those whose report has shapes. */
export const offering = computed<readonly PageRemote[]>(() =>
  remotes.value.filter(({ repeatable, report }) => repeatable || (report?.cells?.length ?? 0) > 0),
);

/** Whose map stands beside; at first that whose results are here, the newest of them. */
export const shown = computed(() =>
  wanted.value === undefined
    ? offering.value.findLast(({ report }) => report?.cells)
    : offering.value.find(({ key }) => key === wanted.value),
);

/** The remote that may be asked about the open cells. */
export const askable = computed(() => (shown.value?.repeatable ? shown.value : undefined));

const keyOf = ({ sizes, dtype }: { sizes: readonly number[]; dtype: string }): string => `${sizes.join()} ${dtype}`;

export interface BesideCell extends Cell {
  /** Whether cuDNN said anything of it. */
  readonly found?: unknown;
  /** Why it has no times. */
  readonly why?: string;
}

export interface Beside extends CrossoverMap {
  readonly cells: readonly BesideCell[];
  readonly isRecorded: boolean;
  /** `'cuDNN 91002 on NVIDIA H200, recorded 2026-01-31'` */
  readonly title: string;
}

/** The same axes as this page's map; `undefined` where nothing is known. */
export const beside = computed<Beside | undefined>(() => {
  const from = shown.value;
  const report = from && (told.value.get(from.key) ?? from.report);
  if (!from || !report?.cells || map.value.direction !== 'forward') return undefined;
  const known = new Map(report.cells.map((cell) => [keyOf(cell), cell]));
  const isRecorded = !from.repeatable;
  const library = `cuDNN ${report.versions['cudnn'] ?? ''}`.trim();
  return {
    ...map.value,
    library,
    adapter: `${report.device.name}${isRecorded ? `, ${from.origin}` : ''}`,
    software: false,
    source: 'measured',
    isRecorded,
    title: say({
      en: `${library} on ${report.device.name}, ${isRecorded ? from.origin : 'measured there'}`,
      zh: `${report.device.name} 上的 ${library}，${isRecorded ? from.origin : '在那边实测'}`,
    }),
    cells: cells.value.map(({ x, y, request }): BesideCell => {
      const found = known.get(keyOf(request));
      return {
        x,
        y,
        found,
        ...(found?.why !== undefined && { why: found.why }),
        entries: found ? entriesOf(found) : [],
      };
    }),
  };
});

/** The best of each algorithm that ran there, the fastest first. */
function entriesOf({ candidates = [] }: ReportedCell): Entry[] {
  const best = new Map<string, Entry>();
  for (const { algorithm, math, time_ms: ms } of candidates)
    if (ms !== null && ms < (best.get(algorithm)?.ms ?? Infinity))
      best.set(algorithm, { algo: algorithm, config: math, ms });
  return [...best.values()].toSorted((a, b) => a.ms - b.ms);
}

/** For a whole map; a shape that was begun is finished. */
const askedSeconds = 300;

const askedCells = (): AskedCell[] => cells.value.map(({ request: { sizes, dtype } }) => ({ sizes, dtype }));

/** Sends the map's shapes to the remote. Stop ends it, like a comparison. */
export async function ask(remote: PageRemote): Promise<void> {
  await occupy('comparing', async (stopped) => {
    noMap.value = undefined;
    try {
      const report = await reportOf(remote, stopped);
      if (!report.cells?.length) {
        noMap.value = noCuda(remote.name, report);
        return { en: 'That remote has no map.', zh: '该远端没有分界图。' };
      }
      const old = told.value.get(remote.key)?.cells ?? [];
      const both = new Map([...old, ...report.cells].map((cell) => [keyOf(cell), cell]));
      told.value = new Map([...told.value, [remote.key, { ...report, cells: [...both.values()] }]]);
      const count = report.cells.length;
      return {
        en: `${remote.name} told about ${counted(count, 'shape')}.`,
        zh: `${remote.name} 给出了 ${count} 个形状的结果。`,
      };
    } catch (error) {
      if (!stopped.aborted) noMap.value = messageOf(error);
      return { en: 'The remote could not be asked.', zh: '无法询问该远端。' };
    }
  });
}

async function reportOf(remote: PageRemote, signal: AbortSignal): Promise<Report> {
  const [{ createMapJob }, { checkReport }] = await Promise.all([
    import('../remote/map-job.ts'),
    import('../remote/report.ts'),
  ]);
  const job = createMapJob(askedCells(), askedSeconds);
  return checkReport((await remote.run(job, { signal, onProgress: showProgress })).report);
}

const noCuda = (name: string, { device }: Report): string =>
  device.type === 'cpu'
    ? say({
        en: `${name} runs PyTorch on a CPU (${device.name}). It has no cuDNN to ask, so there is no map beside this one.`,
        zh: `${name} 在 CPU（${device.name}）上运行 PyTorch，没有 cuDNN 可问，因此旁边没有分界图。`,
      })
    : say({
        en: `cuDNN on ${name} (${device.name}) told nothing about these shapes; what its program printed may say why.`,
        zh: `${name}（${device.name}）上的 cuDNN 没有给出这些形状的结果；原因也许在其程序的输出里。`,
      });

/** The same job as a file, for a machine that this page does not reach; its results are dropped here. */
export async function saveJob(): Promise<void> {
  const [{ createMapJob }, { packJob }] = await Promise.all([
    import('../remote/map-job.ts'),
    import('../remote/file.ts'),
  ]);
  saveFile('wudnn-CrossoverMap.zip', packJob(createMapJob(askedCells(), askedSeconds)), 'application/zip');
}
