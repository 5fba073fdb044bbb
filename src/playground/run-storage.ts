/**
 * @file The last run and what was forced, kept for this tab: a reload shows them again, with their hour.
 */
import { batch, effect } from '@preact/signals';
import type { ForcedCandidate } from '../dnn/choice/records.ts';
import type { ConsoleEntry } from '../session/protocol.ts';
import type { LinkedState } from './link.ts';
import { readJson, writeJson } from '../base/json.ts';
import type { EndedRun } from './state.ts';
import { benchmarkBudgetMs, entries, forced, lastRun, lastSuccess } from './state.ts';
import type { FixedSettings } from './settings.ts';
import { fixed } from './settings.ts';
import { tab } from './storage.ts';

/** Of what is kept: another version of the page leaves it alone. */
const version = 2;
/** Console lines beyond these are not worth their place. */
const keptEntries = 500;

interface KeptRun {
  readonly version: typeof version;
  readonly run: EndedRun;
  readonly entries: readonly ConsoleEntry[];
}

interface KeptSettings {
  readonly version: typeof version;
  /** The link with which the page was opened. */
  readonly hash?: string;
  readonly forced: readonly ForcedCandidate[];
  readonly benchmarkBudgetMs: number;
  readonly fixed?: FixedSettings;
}

/**
 * Shows what this tab had, and keeps what comes from here on. What a link forces and fixes goes before what the tab had
 * without that link.
 */
export function keepRuns(linked: LinkedState = {}, hash = ''): void {
  const kept = recall<KeptRun>('run');
  const wanted = recall<KeptSettings>('settings');
  const { force, fix } = linked;
  batch(() => {
    if ((force || fix) && wanted?.hash !== hash) [forced.value, fixed.value] = [force ?? [], fix ?? {}];
    else if (wanted) {
      [forced.value, benchmarkBudgetMs.value] = [wanted.forced, wanted.benchmarkBudgetMs];
      fixed.value = wanted.fixed ?? {};
    }
    if (!kept) return;
    const { result } = (lastRun.value = kept.run);
    if (result.ok) lastSuccess.value = result;
    entries.value = kept.entries;
  });
  effect(() => {
    const run = lastRun.value;
    if (run)
      tab.remember('run', writeJson({ version, run, entries: entries.peek().slice(-keptEntries) } satisfies KeptRun));
  });
  effect(
    () =>
      void tab.remember(
        'settings',
        writeJson({
          version,
          hash,
          forced: forced.value,
          benchmarkBudgetMs: benchmarkBudgetMs.value,
          fixed: fixed.value,
        } satisfies KeptSettings),
      ),
  );
}

function recall<T extends { readonly version: number }>(name: string): T | undefined {
  try {
    const value = readJson(tab.recall(name) ?? 'null') as T | null;
    return value?.version === version ? value : undefined;
  } catch {
    return undefined;
  }
}
