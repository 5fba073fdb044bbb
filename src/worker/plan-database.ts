/**
 * @file The plan cache's store in the page: one IndexedDB record an entry. Its transactions keep two tabs apart.
 */
import type { IDBPDatabase } from 'idb';
import { openDB } from 'idb';
import type { PlanStore, StoredEntry } from '../dnn/cache.ts';
import { isStoredEntry } from '../dnn/cache.ts';

export class PlanDatabase implements PlanStore {
  private readonly name: string;
  private database: Promise<IDBPDatabase> | undefined;

  constructor(name = 'wudnn-plans') {
    this.name = name;
  }

  async load(): Promise<{ entries: StoredEntry[]; damage?: string }> {
    const database = await this.open();
    const transaction = database.transaction(['plans', 'damaged'], 'readwrite');
    const plans = transaction.objectStore('plans');
    const entries: StoredEntry[] = [];
    let bad = 0;
    for (let cursor = await plans.openCursor(); cursor; cursor = await cursor.continue()) {
      if (isStoredEntry(cursor.value)) {
        entries.push(cursor.value);
        continue;
      }
      bad++;
      await transaction.objectStore('damaged').add(cursor.value);
      await cursor.delete();
    }
    await transaction.done;
    return { entries, damage: bad ? `plan cache: ${bad} entries could not be read and were set aside in the database's store 'damaged'` : undefined };
  }

  async put(entry: StoredEntry): Promise<void> {
    await (await this.open()).put('plans', entry);
  }

  async touch(key: string, used: number): Promise<void> {
    const transaction = (await this.open()).transaction('plans', 'readwrite');
    const entry = await transaction.store.get(key);
    if (entry) await transaction.store.put({ ...entry, used });
    await transaction.done;
  }

  async delete(keys: readonly string[]): Promise<void> {
    const transaction = (await this.open()).transaction('plans', 'readwrite');
    await Promise.all([...keys.map((key) => transaction.store.delete(key)), transaction.done]);
  }

  async clear(): Promise<void> {
    await (await this.open()).clear('plans');
  }

  private open(): Promise<IDBPDatabase> {
    this.database ??= openDB(this.name, 1, {
      upgrade(database) {
        database.createObjectStore('plans', { keyPath: 'key' });
        database.createObjectStore('damaged', { autoIncrement: true });
      },
    });
    return this.database;
  }
}
