/**
 * @file What the page shows, as signals. Only `actions.ts` writes them.
 */
import { computed, signal } from '@preact/signals';
import type { Words } from '../base/words.ts';
import type { RemoteComparison } from '../compare/types.ts';
import type { ForcedCandidate, Standing } from '../dnn/choice/records.ts';
import type {
  ConsoleEntry,
  EngineInfo,
  Figure,
  JobPayload,
  JobRequest,
  ProgramError,
  RunResult,
  RunSuccess,
} from '../session/protocol.ts';

export type Activity = 'starting' | 'idle' | 'running' | 'comparing';

export const activity = signal<Activity>('starting');
export const busy = computed(() => activity.value === 'running' || activity.value === 'comparing');

/** Whether the visitor's own hand began what is being done; for the browser a script's click is none. */
export const byHand = signal(false);

/** One line that says what is going on. */
export const status = signal<Words>({ en: 'Starting the engine…', zh: '正在启动引擎…' });

/** When the engine became busy, in milliseconds as `performance.now` counts. */
export const busySince = signal(0);

export const engineInfo = signal<EngineInfo | undefined>(undefined);

export const entries = signal<readonly ConsoleEntry[]>([]);

/** What the program has drawn, by title, in the order in which it drew first. */
export const figures = signal<readonly Figure[]>([]);

export interface EndedRun {
  readonly result: RunResult;
  /** The program that ran. */
  readonly text: string;
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
}

/** How the measurement under way stands; nothing while none is. */
export const standing = signal<Standing | undefined>(undefined);

/** The last run that ended, well or badly. */
export const lastRun = signal<EndedRun | undefined>(undefined);

/** The last run that ended well; its outputs stay until the next such run. */
export const lastSuccess = signal<RunSuccess | undefined>(undefined);

export const failure = computed<ProgramError | undefined>(() => {
  const result = lastRun.value?.result;
  return result?.ok === false ? result.error : undefined;
});

/** Candidates that the visitor wants in place of what would be chosen; a run takes them along. */
export const forced = signal<readonly ForcedCandidate[]>([]);

/** How long the algorithms of one problem are measured at most, where the program does not say it. */
export const benchmarkBudgetMs = signal(5000);

export interface Comparison {
  /** One entry a remote. */
  readonly sides: readonly RemoteComparison[];
  /** The job that they ran, and what it was asked to do. */
  readonly job: JobPayload;
  readonly request: JobRequest;
  /** The program whose run was compared. */
  readonly text: string;
}

/** The last comparison. */
export const comparison = signal<Comparison | undefined>(undefined);

/** Why it could not be found out what makes the sides differ, of a side of the last comparison. */
export const explanationError = signal<{ readonly of: RemoteComparison; readonly message: string } | undefined>(
  undefined,
);

/**
 * Why remotes of the last comparison gave nothing, one text each, and when that comparison began; what stands beside it
 * may be of an earlier one.
 */
export const comparisonErrors = signal<{ readonly texts: readonly string[]; readonly at: number }>({
  texts: [],
  at: 0,
});

/** A place of the program to show in the editor; a new object each time, so that one place can be shown twice. */
export const shownPlace = signal<{ readonly line: number; readonly column?: number } | undefined>(undefined);
