/**
 * @file The plan cache: measured choices with all their candidates, kept for the next visit and the next session.
 *
 * It holds everything in memory, the least recently used first to go, and writes each change through to a store: a file
 * in Node, IndexedDB in the page. A store that fails costs the memory of later sessions and nothing else.
 */
import { fail, messageOf } from '../../base/errors.ts';
import { isCacheEntry, isRatesEntry } from './cache-entry.ts';
import type { Rates } from '../model/rates.ts';
import type { AlgorithmChoice } from './records.ts';

export interface CacheEntry {
  readonly key: string;
  readonly choice: Omit<AlgorithmChoice, 'layer'>;
  /** What the measurement took, in milliseconds of wall time. */
  readonly tuningMs: number;
  /** How much faster the choice is than what the heuristic would have taken, in milliseconds of one execution. */
  readonly gainMs: number;
  /** Milliseconds since 1970. */
  readonly measured: number;
  readonly used: number;
}

/** What the probes showed of an adapter. It is kept, so that predictions do not change from one session to the next. */
export interface RatesEntry {
  readonly key: string;
  readonly rates: Rates;
  readonly used: number;
}

export type StoredEntry = CacheEntry | RatesEntry;

/** Where entries outlive a session. Several sessions may use one at a time; the last writer of a key wins. */
export interface PlanStore {
  /** All entries; `damage` says what could not be read, and where it was put. */
  load(): Promise<{ entries: StoredEntry[]; damage?: string }>;
  put(entry: StoredEntry): Promise<void>;
  touch(key: string, used: number): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
  clear(): Promise<void>;
}

/** What tuning cost and saved, for one key or for all. */
export interface CacheAccount {
  hits: number;
  misses: number;
  /** PhaseTimes on measuring, in milliseconds. */
  tuningMs: number;
  /** Not spent, because a hit made measuring unnecessary. */
  savedMs: number;
}

export interface CacheOptions {
  readonly store?: PlanStore;
  /** Entries that are kept at most. */
  readonly capacity?: number;
  /** Told, once for each, what went wrong with the store. */
  readonly onTrouble?: (message: string) => void;
}

const format = 'wudnn plans 3';

/** Entries as a text that can be taken to another browser or machine with the same adapter. */
export const writePlans = (entries: readonly CacheEntry[]): string => JSON.stringify({ format, entries }, null, 1);

/** The entries of such a text; throws where it is none. */
export function readPlans(text: string): CacheEntry[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    fail(`plan cache: the import is not JSON: ${messageOf(error)}`);
  }
  const { format: given, entries } = Object(parsed) as { format?: unknown; entries?: unknown };
  if (given !== format || !Array.isArray(entries))
    fail(
      `plan cache: the import has the format ${JSON.stringify(given)}, expected '${format}'; make it with exportJson()`,
    );
  const wrong = entries.findIndex((entry) => !isCacheEntry(entry));
  if (wrong >= 0) fail(`plan cache: entry ${wrong} of the import is not a measured choice; nothing was taken over`);
  return entries as CacheEntry[];
}

export class PlanCache {
  private readonly options: CacheOptions;
  private readonly capacity: number;
  /** The least recently used first. */
  private readonly entries = new Map<string, CacheEntry>();
  private readonly rates = new Map<string, RatesEntry>();
  private readonly ledger = new Map<string, CacheAccount>();
  private loaded: Promise<void> | undefined;
  private broken = false;

  constructor(options: CacheOptions = {}) {
    this.options = options;
    this.capacity = options.capacity ?? 500;
  }

  /** The entry of a key, which counts as a hit; or `undefined`, which counts as a miss. */
  async lookup(key: string): Promise<CacheEntry | undefined> {
    await this.load();
    const found = this.entries.get(key);
    const account = this.account(key);
    if (!found) {
      account.misses++;
      return undefined;
    }
    account.hits++;
    account.savedMs += found.tuningMs;
    const entry = { ...found, used: Date.now() };
    this.insert(entry);
    await this.write((store) => store.touch(key, entry.used));
    return entry;
  }

  async record(entry: CacheEntry): Promise<void> {
    await this.load();
    this.account(entry.key).tuningMs += entry.tuningMs;
    await this.keep(withFiniteErrors(entry));
  }

  /** What an adapter's probes showed, if they have run in this session or an earlier one. */
  async lookupRates(key: string): Promise<Rates | undefined> {
    await this.load();
    return this.rates.get(key)?.rates;
  }

  async recordRates(key: string, rates: Rates): Promise<void> {
    const entry = { key, rates, used: Date.now() };
    this.rates.set(key, entry);
    await this.write((store) => store.put(entry));
  }

  /** The most recently used first. */
  async list(): Promise<CacheEntry[]> {
    await this.load();
    return [...this.entries.values()].reverse();
  }

  async clear(): Promise<void> {
    await this.load();
    this.entries.clear();
    this.rates.clear();
    await this.write((store) => store.clear());
  }

  /** Everything as JSON, to be taken to another browser or machine with the same adapter. */
  async exportJson(): Promise<string> {
    await this.load();
    return writePlans([...this.entries.values()]);
  }

  /**
   * Takes over the entries of an export, where they are newer than its own; how many. Throws where the text is none.
   */
  async importJson(text: string): Promise<number> {
    await this.load();
    const newer = readPlans(text).filter((entry) => !((this.entries.get(entry.key)?.measured ?? -1) >= entry.measured));
    for (const entry of newer) await this.keep(entry);
    return newer.length;
  }

  /** Counts since this cache was made, by key, or of all keys together. */
  counts(key?: string): CacheAccount {
    const accounts = key === undefined ? [...this.ledger.values()] : [this.ledger.get(key) ?? noAccount()];
    return accounts.reduce(
      (sum, a) => ({
        hits: sum.hits + a.hits,
        misses: sum.misses + a.misses,
        tuningMs: sum.tuningMs + a.tuningMs,
        savedMs: sum.savedMs + a.savedMs,
      }),
      noAccount(),
    );
  }

  private account(key: string): CacheAccount {
    let account = this.ledger.get(key);
    if (!account) this.ledger.set(key, (account = noAccount()));
    return account;
  }

  private async keep(entry: CacheEntry): Promise<void> {
    this.insert(entry);
    const surplus = [...this.entries.keys()].slice(0, Math.max(0, this.entries.size - this.capacity));
    for (const key of surplus) this.entries.delete(key);
    await this.write((store) => store.put(entry));
    if (surplus.length) await this.write((store) => store.delete(surplus));
  }

  private insert(entry: CacheEntry): void {
    this.entries.delete(entry.key);
    this.entries.set(entry.key, entry);
  }

  private load(): Promise<void> {
    this.loaded ??= this.write(async (store) => {
      const { entries, damage } = await store.load();
      const [choices, calibrations] = [entries.filter(isCacheEntry), entries.filter(isRatesEntry)];
      for (const entry of choices.toSorted((a, b) => a.used - b.used).slice(-this.capacity)) this.insert(entry);
      for (const entry of calibrations) this.rates.set(entry.key, entry);
      if (damage !== undefined) this.options.onTrouble?.(damage);
    });
    return this.loaded;
  }

  /** A store that has failed once is left alone. */
  private async write(work: (store: PlanStore) => Promise<void>): Promise<void> {
    const { store, onTrouble } = this.options;
    if (!store || this.broken) return;
    try {
      await work(store);
    } catch (error) {
      this.broken = true;
      onTrouble?.(
        `plan cache: the store failed (${messageOf(error)}); choices measured now are lost when this session ends`,
      );
    }
  }
}

const noAccount = (): CacheAccount => ({ hits: 0, misses: 0, tuningMs: 0, savedMs: 0 });

/** JSON has no infinity. A candidate whose error is infinite is disqualified, and its reason says why. */
const withFiniteErrors = (entry: CacheEntry): CacheEntry => ({
  ...entry,
  choice: {
    ...entry.choice,
    candidates: entry.choice.candidates.map(({ maxError, ...candidate }) =>
      Number.isFinite(maxError) ? { ...candidate, maxError } : candidate,
    ),
  },
});
