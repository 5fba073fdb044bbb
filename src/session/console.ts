/**
 * @file The program's console: every call becomes a `ConsoleEntry` with the line that made it.
 */
import { messageOf } from '../base/errors.ts';
import { formatTensor, print } from '../torch/format.ts';
import { readNode } from '../torch/tensor.ts';
import { formatValue } from './format-value.ts';
import type { Places } from './source-map.ts';
import type { ConsoleEntry } from './protocol.ts';

type Level = ConsoleEntry['level'];

export interface CapturedConsole {
  readonly console: Console;
  /** Resolves when the values of all tensors that were printed have been told. */
  printed(): Promise<void>;
}

/** Numbers the entries that come twice: first with what is known, then with the values. */
let lastId = 0;

/** A console with the methods that programs use, writing to `emit`. Methods that make no sense here do nothing. */
export function captureConsole(emit: (entry: ConsoleEntry) => void, places: Places): CapturedConsole {
  const reading = new Set<Promise<void>>();
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  let indent = '';

  const write = (level: Level, render: () => string): void => {
    const line = places.currentLine();
    const prefix = indent;
    const { text, marks } = print(render);
    const tell = (shown: string, more: Partial<ConsoleEntry> = {}): void => {
      const indented =
        prefix &&
        shown
          .split('\n')
          .map((l) => prefix + l)
          .join('\n');
      emit({ level, text: indented || shown, ...(line !== undefined && { line }), ...more });
    };
    if (marks.size === 0) return tell(text);
    const id = ++lastId;
    tell(withValues(text, new Map([...marks].map(([mark]) => [mark, '…']))), { id, open: true });
    const values = Promise.all(
      [...marks].map(
        async ([mark, node]) =>
          [
            mark,
            await readNode(node).then(
              (host) => formatTensor(node, host),
              (error: unknown) => `tensor(<${messageOf(error)}>)`,
            ),
          ] as const,
      ),
    );
    const told = values.then((found) => tell(withValues(text, new Map(found)), { id }));
    reading.add(told);
    void told.finally(() => reading.delete(told));
  };
  const writer =
    (level: Level) =>
    (...values: unknown[]): void =>
      write(level, () => formatAll(values));
  const elapsed = (label: string): string => {
    const start = timers.get(label);
    return start === undefined
      ? `${label}: no such timer; start it by console.time`
      : `${label}: ${(performance.now() - start).toFixed(3)} ms`;
  };

  const methods: Partial<Console> = {
    log: writer('log'),
    debug: writer('log'),
    dir: (value?: unknown) => write('log', () => formatValue(value)),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    trace: writer('log'),
    assert: (condition?: unknown, ...values: unknown[]) => {
      if (!condition)
        write('error', () => (values.length ? `assertion failed: ${formatAll(values)}` : 'assertion failed'));
    },
    table: (value?: unknown) => write('log', () => formatTable(value)),
    group: (...values: unknown[]) => {
      if (values.length) write('log', () => formatAll(values));
      indent += '  ';
    },
    groupEnd: () => {
      indent = indent.slice(2);
    },
    count: (label = 'default') => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      write('log', () => `${label}: ${counts.get(label)}`);
    },
    countReset: (label = 'default') => void counts.delete(label),
    time: (label = 'default') => void timers.set(label, performance.now()),
    timeLog: (label = 'default', ...values: unknown[]) =>
      write('log', () => [elapsed(label), ...values.map((v) => text(v))].join(' ')),
    timeEnd: (label = 'default') => {
      write('log', () => elapsed(label));
      timers.delete(label);
    },
  };
  methods.groupCollapsed = methods.group;
  return {
    console: new Proxy(methods, { get: (_, key) => Reflect.get(methods, key) ?? (() => {}) }) as Console,
    async printed() {
      while (reading.size > 0) await Promise.all(reading);
    },
  };
}

/** A text with values in the places of their marks; what follows on further lines stands below the first. */
function withValues(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\uE000\d+\uE000/g, (mark, at: number) => {
    const column = at - (text.lastIndexOf('\n', at) + 1);
    return (values.get(mark) ?? mark).replaceAll('\n', `\n${' '.repeat(column)}`);
  });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : formatValue(value));

const formatAll = (values: readonly unknown[]): string => values.map((v) => text(v)).join(' ');

/** Rows and columns in aligned plain text; anything that is no list of rows is written as by `log`. */
function formatTable(value: unknown): string {
  if (typeof value !== 'object' || value === null) return text(value);
  const rows = Object.entries(value);
  const columns = [
    ...new Set(rows.flatMap(([, row]) => (typeof row === 'object' && row !== null ? Object.keys(row) : []))),
  ];
  const plain = rows.some(([, row]) => typeof row !== 'object' || row === null);
  const header = ['', ...columns, ...(plain ? ['value'] : [])];
  const lines = rows.map(([key, row]) => {
    const fields = typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : undefined;
    const cells = columns.map((c) => (fields && c in fields ? text(fields[c]) : ''));
    return [key, ...cells, ...(plain ? [fields ? '' : text(row)] : [])];
  });
  const widths = header.map((_, i) => Math.max(...[header, ...lines].map((l) => l[i].length)));
  return [header, ...lines]
    .map((l) =>
      l
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
