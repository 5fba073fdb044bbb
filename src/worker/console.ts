/**
 * @file The program's console: every call becomes a `ConsoleEntry` with the line that made it.
 */
import { formatValue } from './format-value.ts';
import type { Places } from './places.ts';
import type { ConsoleEntry } from './protocol.ts';

type Level = ConsoleEntry['level'];

/** A console with the methods that programs use, writing to `emit`. Methods that make no sense here do nothing. */
export function captureConsole(emit: (entry: ConsoleEntry) => void, places: Places): Console {
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  let indent = '';

  const write = (level: Level, text: string): void => {
    const line = places.currentLine();
    const indented = indent && text.split('\n').map((l) => indent + l).join('\n');
    emit(line === undefined ? { level, text: indented || text } : { level, text: indented || text, line });
  };
  const writer = (level: Level) => (...values: unknown[]): void => write(level, formatAll(values));
  const elapsed = (label: string): string => {
    const start = timers.get(label);
    return start === undefined ? `${label}: no such timer; start it by console.time` : `${label}: ${(performance.now() - start).toFixed(3)} ms`;
  };

  const methods: Partial<Console> = {
    log: writer('log'),
    debug: writer('log'),
    dir: (value?: unknown) => write('log', formatValue(value)),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    trace: writer('log'),
    assert: (condition?: unknown, ...values: unknown[]) => {
      if (!condition) write('error', values.length ? `assertion failed: ${formatAll(values)}` : 'assertion failed');
    },
    table: (value?: unknown) => write('log', formatTable(value)),
    group: (...values: unknown[]) => {
      if (values.length) write('log', formatAll(values));
      indent += '  ';
    },
    groupEnd: () => {
      indent = indent.slice(2);
    },
    count: (label = 'default') => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      write('log', `${label}: ${counts.get(label)}`);
    },
    countReset: (label = 'default') => void counts.delete(label),
    time: (label = 'default') => void timers.set(label, performance.now()),
    timeLog: (label = 'default', ...values: unknown[]) => write('log', [elapsed(label), ...values.map((v) => text(v))].join(' ')),
    timeEnd: (label = 'default') => {
      write('log', elapsed(label));
      timers.delete(label);
    },
  };
  methods.groupCollapsed = methods.group;
  return new Proxy(methods, { get: (_, key) => Reflect.get(methods, key) ?? (() => {}) }) as Console;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : formatValue(value));

const formatAll = (values: readonly unknown[]): string => values.map((v) => text(v)).join(' ');

/** Rows and columns in aligned plain text; anything that is no list of rows is written as by `log`. */
function formatTable(value: unknown): string {
  if (typeof value !== 'object' || value === null) return text(value);
  const rows = Object.entries(value);
  const columns = [...new Set(rows.flatMap(([, row]) => (typeof row === 'object' && row !== null ? Object.keys(row) : [])))];
  const plain = rows.some(([, row]) => typeof row !== 'object' || row === null);
  const header = ['', ...columns, ...(plain ? ['value'] : [])];
  const lines = rows.map(([key, row]) => {
    const fields = typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : undefined;
    const cells = columns.map((c) => (fields && c in fields ? text(fields[c]) : ''));
    return [key, ...cells, ...(plain ? [fields ? '' : text(row)] : [])];
  });
  const widths = header.map((_, i) => Math.max(...[header, ...lines].map((l) => l[i].length)));
  return [header, ...lines].map((l) => l.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd()).join('\n');
}
