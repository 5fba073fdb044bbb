/**
 * @file The plan cache's store in the engine, which has no storage of its own: the page hands in the entries and hears
 * of each change.
 */
import type { PlanStore, StoredEntry } from '../../dnn/choice/cache.ts';
import type { PlanChange } from './protocol.ts';

export class PlanPort implements PlanStore {
  private readonly entries: readonly StoredEntry[];
  private readonly tell: (change: PlanChange) => void;

  constructor(entries: readonly StoredEntry[], tell: (change: PlanChange) => void) {
    this.entries = entries;
    this.tell = tell;
  }

  async load(): Promise<{ entries: StoredEntry[] }> {
    return { entries: [...this.entries] };
  }

  async put(entry: StoredEntry): Promise<void> {
    this.tell({ change: 'put', entry });
  }

  async touch(key: string, used: number): Promise<void> {
    this.tell({ change: 'touch', key, used });
  }

  async delete(keys: readonly string[]): Promise<void> {
    this.tell({ change: 'delete', keys });
  }

  async clear(): Promise<void> {
    this.tell({ change: 'clear' });
  }
}
