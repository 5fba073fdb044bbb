/**
 * @file Values as text, for the console: what JavaScript would write, cut where it becomes long.
 *
 * A value that knows how to print itself (a tensor, a module) does: whatever has a `toString` of its own.
 */
import { messageOf } from '../base/errors.ts';

const maxItems = 100;
const maxDepth = 4;
const maxWidth = 100;

/** One value; strings are quoted, as they are inside of lists and objects. */
export function formatValue(value: unknown): string {
  return format(value, 0, []);
}

function format(value: unknown, depth: number, parents: readonly object[]): string {
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'function') return formatFunction(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (parents.includes(value)) return '[circular]';
  if (value instanceof Error) return formatError(value);
  const inner = (v: unknown): string => format(v, depth + 1, [...parents, value]);
  return formatObject(value, depth, inner);
}

function formatObject(value: object, depth: number, inner: (v: unknown) => string): string {
  const deep = depth >= maxDepth;
  const name = nameOf(value);
  if (Array.isArray(value)) return deep ? `[Array(${value.length})]` : list('', '[', value, inner, ']');
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = value as unknown as ArrayLike<number>;
    return list(
      `${name}(${numbers.length}) `,
      '[',
      numbers,
      value instanceof Float32Array ? formatFloat32 : inner,
      ']',
    );
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Promise) return 'Promise (await it for its value)';
  if (value instanceof Map) {
    if (deep) return `[Map(${value.size})]`;
    return list(
      `Map(${value.size}) `,
      '{',
      [...value],
      (pair) => (pair as unknown[]).map((v) => inner(v)).join(' => '),
      '}',
    );
  }
  if (value instanceof Set)
    return deep ? `[Set(${value.size})]` : list(`Set(${value.size}) `, '{', [...value], inner, '}');
  const own = ownText(value);
  if (own !== undefined) return own;
  if (deep) return `[${name || 'Object'}]`;
  const entries = Object.entries(value);
  const prefix = name === 'Object' || name === '' ? '' : `${name} `;
  return list(
    prefix,
    '{',
    entries,
    (e) => `${key((e as [string, unknown])[0])}: ${inner((e as [string, unknown])[1])}`,
    '}',
  );
}

/** The shortest decimal that is this float32 and no other: 0.1, where its double is 0.10000000149011612. */
function formatFloat32(value: unknown): string {
  const x = value as number;
  if (x === 0) return format(x, 0, []); // toPrecision loses the sign of -0
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return format(short, 0, []);
  }
  return format(Number(x.toPrecision(9)), 0, []);
}

function list(
  prefix: string,
  open: string,
  items: ArrayLike<unknown>,
  item: (v: unknown) => string,
  close: string,
): string {
  const shown = Array.from({ length: Math.min(items.length, maxItems) }, (_, i) => item(items[i]));
  if (items.length > maxItems) shown.push(`… ${items.length - maxItems} more`);
  if (shown.length === 0) return `${prefix}${open}${close}`;
  const line = shown.join(', ');
  const pad = open === '{' ? ' ' : '';
  if (line.length <= maxWidth && !line.includes('\n')) return `${prefix}${open}${pad}${line}${pad}${close}`;
  return `${prefix}${open}\n${wrap(shown)}\n${close}`;
}

/** Items in indented lines; short ones share a line. */
function wrap(items: readonly string[]): string {
  const lines: string[] = [];
  for (const [i, item] of items.entries()) {
    const part = i < items.length - 1 ? `${item},` : item;
    const last = lines.at(-1);
    const joined = `${last} ${part}`;
    if (last !== undefined && item.length <= 16 && !joined.includes('\n') && joined.length <= maxWidth - 20)
      lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines.map((l) => l.replace(/^/gm, '  ')).join('\n');
}

const key = (name: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : format(name, 0, []);

function nameOf(value: object): string {
  const constructor = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor;
  return constructor?.name ?? '';
}

/** The text of a value that has a `toString` of its own. */
function ownText(value: object): string | undefined {
  const method = (value as { toString?: unknown }).toString;
  if (typeof method !== 'function' || method === Object.prototype.toString || method === Function.prototype.toString)
    return undefined;
  try {
    return String(value);
  } catch (error) {
    return `[${nameOf(value)}: ${messageOf(error)}]`;
  }
}

/** A class, a function, or a callable module, which prints itself. */
function formatFunction(value: Function): string {
  const own = ownText(value);
  if (own !== undefined) return own;
  const kind = Function.prototype.toString.call(value).startsWith('class') ? 'class' : 'function';
  return `[${kind} ${value.name || 'anonymous'}]`;
}

function formatError(error: Error): string {
  const cause = error.cause === undefined ? '' : `\n  cause: ${messageOf(error.cause)}`;
  return `${error.name}: ${error.message}${cause}`;
}
