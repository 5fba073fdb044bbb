/**
 * @file Where the page keeps plans between visits: one IndexedDB record an entry. Its transactions keep two tabs apart.
 *
 * A program that runs beside the tuner can falsify what it measures. So an entry belongs to the program that ran, and
 * no other program ever sees it, except for those of the page's own examples, which everybody may believe.
 */
import type { DBSchema, IDBPDatabase } from 'idb';
import { openDB } from 'idb';
import type { StoredEntry } from '../../dnn/choice/cache.ts';
import { storedEntry } from './forms.ts';
import type { PlanChange } from './protocol.ts';

/** Whose entries: a program's identity. */
export type ProgramId = string;

/** The examples, as the page has them. */
export const examplesId: ProgramId = 'examples';

/** Entries of one program, and of all together; the engine itself keeps 500. */
const most = { program: 1000, all: 10_000 };

interface Schema extends DBSchema {
  plans: {
    key: [ProgramId, string];
    value: { readonly program: ProgramId; readonly key: string; readonly entry: unknown };
  };
  damaged: { key: number; value: unknown };
}

export class PlanDatabase {
  private readonly name: string;
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
    for (const owner of new Set([examplesId, program])) {
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

  /** Keeps a change that an engine tells of while it runs a program. */
  async apply(program: ProgramId, change: PlanChange): Promise<void> {
    const transaction = (await this.open()).transaction('plans', 'readwrite');
    const { store } = transaction;
    switch (change.change) {
      case 'put':
        if ((await store.count(ofProgram(program))) >= most.program) await store.delete(ofProgram(program));
        if ((await store.count()) >= most.all) await store.clear();
        await store.put({ program, key: change.entry.key, entry: change.entry });
        break;
      case 'touch': {
        const found = await store.get([program, change.key]);
        if (found) await store.put({ ...found, entry: { ...(found.entry as StoredEntry), used: change.used } });
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
