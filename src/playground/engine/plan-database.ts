/**
 * @file Where the page keeps plans between visits: one IndexedDB record an entry. Its transactions keep two tabs apart.
 *
 * A program that runs beside the tuner can falsify what it measures. So an entry belongs to the program that ran, and
 * no other program ever sees it, except for those of the page's own examples, which everybody may believe, and for
 * those that the visitor has taken over from a file.
 */
import type { DBSchema, IDBPDatabase } from 'idb';
import { openDB } from 'idb';
import { fail } from '../../base/errors.ts';
import type { CacheEntry, StoredEntry } from '../../dnn/choice/cache.ts';
import { storedEntry } from './forms.ts';
import type { PlanChange } from './protocol.ts';

/** Whose entries: a program's identity. */
export type ProgramId = string;

/** The examples, as the page has them. */
export const examplesId: ProgramId = 'examples';

/** What the visitor has taken over from a file: for every program, since they say so. */
export const importedId: ProgramId = 'imported';

/** A kept measurement, and whose it is. */
export interface KeptPlan {
  readonly program: ProgramId;
  readonly entry: CacheEntry;
  /** How many runs found it instead of measuring. */
  readonly hits: number;
}

/** Entries of one program, and of all together; the engine itself keeps 500. */
const most = { program: 1000, all: 10_000 };

interface Schema extends DBSchema {
  plans: {
    key: [ProgramId, string];
    value: { readonly program: ProgramId; readonly key: string; readonly entry: unknown; readonly hits?: number };
  };
  damaged: { key: number; value: unknown };
}

export class PlanDatabase {
  private readonly name: string;
  /** Entries that the present run has made or found: a run asks for one several times. */
  private readonly met = new Set<string>();
  private database: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(name = 'wudnn-plans') {
    this.name = name;
  }

  /** What a program may know; `damage` says what could not be read. */
  async load(program: ProgramId): Promise<{ entries: StoredEntry[]; damage?: string }> {
    const transaction = (await this.open()).transaction(['plans', 'damaged'], 'readwrite');
    const plans = transaction.objectStore('plans');
    const entries = new Map<string, StoredEntry>();
    let bad = 0;
    for (const owner of new Set([importedId, examplesId, program])) {
      for (let cursor = await plans.openCursor(ofProgram(owner)); cursor; cursor = await cursor.continue()) {
        try {
          entries.set(cursor.value.key, storedEntry(cursor.value.entry, 'plan'));
        } catch {
          bad++;
          await transaction.objectStore('damaged').add(cursor.value);
          await cursor.delete();
        }
      }
    }
    await transaction.done;
    return {
      entries: [...entries.values()],
      damage: bad
        ? `plan cache: ${bad} entries could not be read and were moved to the database's store 'damaged'`
        : undefined,
    };
  }

  /** What changes from here on is another run's. */
  beginRun(): void {
    this.met.clear();
  }

  /** Keeps a change that an engine tells of while it runs a program. */
  async apply(program: ProgramId, change: PlanChange): Promise<void> {
    const transaction = (await this.open()).transaction('plans', 'readwrite');
    const { store } = transaction;
    switch (change.change) {
      case 'put':
        this.met.add(change.entry.key);
        if ((await store.count(ofProgram(program))) >= most.program) await store.delete(ofProgram(program));
        if ((await store.count()) >= most.all) await store.clear();
        await store.put({ program, key: change.entry.key, entry: change.entry });
        break;
      case 'touch': {
        const isHit = !this.met.has(change.key);
        this.met.add(change.key);
        for (const owner of [program, examplesId, importedId]) {
          const found = await store.get([owner, change.key]);
          if (!found) continue;
          const entry = { ...(found.entry as StoredEntry), ...(owner === program && { used: change.used }) };
          await store.put({ ...found, entry, hits: (found.hits ?? 0) + (isHit ? 1 : 0) });
          break;
        }
        break;
      }
      case 'delete':
        for (const key of change.keys) await store.delete([program, key]);
        break;
      case 'clear':
        await store.delete(ofProgram(program));
    }
    await transaction.done;
  }

  /** All measurements, the most recently used first. What cannot be read is left to `load`. */
  async list(): Promise<KeptPlan[]> {
    const rows = await (await this.open()).getAll('plans');
    const plans = rows.flatMap(({ program, entry, hits = 0 }): KeptPlan[] => {
      try {
        const stored = storedEntry(entry, 'plan');
        return 'choice' in stored ? [{ program, entry: stored, hits }] : [];
      } catch {
        return [];
      }
    });
    return plans.toSorted((a, b) => b.entry.used - a.entry.used);
  }

  /** All measurements as a text; of several of one problem, the last. */
  async exportText(): Promise<string> {
    const { writePlans } = await import('../../dnn/choice/cache.ts');
    const byKey = new Map<string, CacheEntry>();
    for (const { entry } of await this.list()) {
      const other = byKey.get(entry.key);
      if (!other || other.measured < entry.measured) byKey.set(entry.key, entry);
    }
    return writePlans([...byKey.values()]);
  }

  /** Takes over the measurements of such a text, which somebody else may have written; how many. */
  async importText(text: string): Promise<number> {
    const { readPlans } = await import('../../dnn/choice/cache.ts');
    const given = readPlans(text);
    if (given.length > most.program)
      fail(`plan cache: the import has ${given.length} entries, ${most.program} at most are taken over`);
    const entries = given.map((entry, i) => storedEntry(entry, `plan cache: entry ${i}`));
    const transaction = (await this.open()).transaction('plans', 'readwrite');
    await transaction.store.delete(ofProgram(importedId));
    for (const entry of entries) await transaction.store.put({ program: importedId, key: entry.key, entry });
    await transaction.done;
    return entries.length;
  }

  /** Forgets everything, of every program. */
  async clear(): Promise<void> {
    await (await this.open()).clear('plans');
  }

  private open(): Promise<IDBPDatabase<Schema>> {
    this.database ??= openDB<Schema>(this.name, 3, {
      upgrade(database) {
        // Its entries have another form.
        for (const store of database.objectStoreNames) database.deleteObjectStore(store);
        database.createObjectStore('plans', { keyPath: ['program', 'key'] });
        database.createObjectStore('damaged', { autoIncrement: true });
      },
    });
    return this.database;
  }
}

/** All keys of a program: a list is above every text. */
const ofProgram = (program: ProgramId): IDBKeyRange => IDBKeyRange.bound([program], [program, []]);
