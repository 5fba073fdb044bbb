/**
 * @file The plan cache's store in Node: a journal, one JSON value a line. Appending a line is one write, so programs
 * that run at the same time do not harm each other; later lines win. It is written anew when most of its lines are
 * history.
 */
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PlanStore, StoredEntry } from '../dnn/choice/cache.ts';
import { isStoredEntry } from '../dnn/choice/cache-entry.ts';
import { isOutdated } from '../dnn/choice/cache-key.ts';

type Line =
  | { readonly put: StoredEntry }
  | { readonly touch: string; readonly used: number }
  | { readonly delete: readonly string[] };

/** A journal with this many lines for each entry, and at least this many in all, is written anew. */
const history = { ratio: 4, lines: 200 };

/** `$XDG_CACHE_HOME/wudnn/plans.jsonl`, or below `~/.cache`. */
export const defaultPlanFile = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wudnn', 'plans.jsonl');

export class PlanFile implements PlanStore {
  readonly path: string;

  constructor(path = defaultPlanFile()) {
    this.path = path;
  }

  async load(): Promise<{ entries: StoredEntry[]; damage?: string }> {
    const lines = (await this.text()).split('\n').filter((line) => line.trim() !== '');
    const parsed = lines.map(parseLine);
    const entries = [...replay(parsed.filter((line) => line !== undefined)).values()];
    const bad = parsed.filter((line) => line === undefined).length;
    if (bad > 0) {
      const aside = `${this.path}.damaged-${Date.now()}`;
      await rename(this.path, aside);
      await this.rewrite(entries);
      return {
        entries,
        damage: `plan cache: ${bad} of ${lines.length} lines of ${this.path} could not be read; the file was kept as ${aside}, and the other lines are used`,
      };
    }
    if (lines.length > Math.max(history.lines, history.ratio * entries.length)) await this.rewrite(entries);
    return { entries };
  }

  put(entry: StoredEntry): Promise<void> {
    return this.append({ put: entry });
  }

  touch(key: string, used: number): Promise<void> {
    return this.append({ touch: key, used });
  }

  delete(keys: readonly string[]): Promise<void> {
    return this.append({ delete: keys });
  }

  async clear(): Promise<void> {
    await rm(this.path, { force: true });
  }

  private async text(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    }
  }

  /** Begins with a line's end, in case a program died while it wrote the line before. */
  private async append(line: Line): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await appendFile(this.path, `\n${JSON.stringify(line)}\n`);
  }

  private async rewrite(entries: readonly StoredEntry[]): Promise<void> {
    const fresh = `${this.path}.${process.pid}`;
    await writeFile(fresh, entries.map((put) => `${JSON.stringify({ put })}\n`).join(''));
    await rename(fresh, this.path);
  }
}

function parseLine(text: string): Line | undefined {
  try {
    const line = Object(JSON.parse(text));
    if ('put' in line && isOutdated(String(line.put?.key))) return { delete: [line.put.key] };
    if ('put' in line) return isStoredEntry(line.put) ? line : undefined;
    if ('touch' in line) return typeof line.touch === 'string' && Number.isFinite(line.used) ? line : undefined;
    return Array.isArray(line.delete) && line.delete.every((key: unknown) => typeof key === 'string')
      ? line
      : undefined;
  } catch {
    return undefined;
  }
}

function replay(lines: readonly Line[]): Map<string, StoredEntry> {
  const entries = new Map<string, StoredEntry>();
  for (const line of lines) {
    if ('put' in line) entries.set(line.put.key, line.put);
    else if ('delete' in line) for (const key of line.delete) entries.delete(key);
    else {
      const entry = entries.get(line.touch);
      if (entry) entries.set(line.touch, { ...entry, used: line.used });
    }
  }
  return entries;
}
