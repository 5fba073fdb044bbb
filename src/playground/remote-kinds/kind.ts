/**
 * @file What the page can compare with. A kind of remote is one file beside this one: a function that makes a remote of
 * it, with everything that the page asks of one.
 */
import type { StageResult } from '../../bridge/protocol.ts';
import type { ComparedRemote } from '../../compare/with-remotes.ts';
import type { RemoteOutcome } from '../../compare/types.ts';
import { summarize } from '../../compare/statistics.ts';
import { formatMs } from '../../base/format.ts';
import type { RecordedRun } from '../../remote/recorded-run.ts';
import type { Report } from '../../remote/report.ts';
import { say } from '../language.ts';

export interface PageRemote extends ComparedRemote {
  /** Tells remotes apart; holds no secret. */
  readonly key: string;
  /** More of it than the name, in words. */
  readonly about: string;
  /** Examines the way there; `onStage` hears each stage as it ends. Absent where the results are here already. */
  readonly examine?: (onStage: (stage: StageResult) => void) => Promise<void>;
  /** The visitor added it, and may remove it. */
  readonly removable?: boolean;
  /** Its report, where the results are here already. */
  readonly report?: Report;
  /** The record of a run on a real machine. */
  readonly record?: RecordedRun;
}

/** The origin of results of a job that was sent. */
export const fresh = (): string => say({ en: 'run for this comparison', zh: '为本次对比而运行' });

/** What a run was of, on what, and how long it took. */
export function reportText({ model, versions, times }: Report): string {
  const what = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const time =
    times.warm_ms.length === 0
      ? []
      : [
          say({
            en: `median ${formatMs(summarize(times.warm_ms).median)} ms of ${times.warm_ms.length} runs`,
            zh: `${times.warm_ms.length} 次的中位数 ${formatMs(summarize(times.warm_ms).median)} ms`,
          }),
        ];
  return [model, ...what, ...time].join(', ');
}

export interface CheckedOutcome extends RemoteOutcome {
  readonly report: Report;
}
