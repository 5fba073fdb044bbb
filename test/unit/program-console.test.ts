/**
 * @file What the visitor's program prints: levels, lines, and values as JavaScript writes them.
 */
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../src/session/program.ts';
import type { ConsoleEntry } from '../../src/session/protocol.ts';

async function printed(text: string): Promise<ConsoleEntry[]> {
  const entries: ConsoleEntry[] = [];
  const result = await runProgram(text, { modules: {}, console: (entry) => entries.push(entry) });
  if (!result.ok) throw new Error(`the program failed: ${result.error.message}`);
  return entries;
}

describe('console', () => {
  test('each call has its level and line, also from functions and after types', async () => {
    const entries = await printed(
      `interface A {\n  a: number\n}\nfunction say(x: number): void {\n  console.warn('n =', x)\n}\nconsole.log('one', 2)\nsay(3); console.error('e'); console.info('i')`,
    );
    expect(entries).toEqual([
      { level: 'log', text: 'one 2', line: 7 },
      { level: 'warn', text: 'n = 3', line: 5 },
      { level: 'error', text: 'e', line: 8 },
      { level: 'info', text: 'i', line: 8 },
    ]);
  });

  test('values read as JavaScript writes them', async () => {
    const text = async (expression: string): Promise<string> => (await printed(`console.log(${expression})`))[0].text;
    expect(await text(`[4, 16, 16, 16]`)).toBe('[4, 16, 16, 16]');
    expect(await text(`'a', ['a', "it's"]`)).toBe(`a ['a', 'it\\'s']`);
    expect(await text(`{ a: 1, 'b-c': [undefined, null, true, -0, 5n] }`)).toBe(
      `{ a: 1, 'b-c': [undefined, null, true, -0, 5n] }`,
    );
    expect(await text(`new Float32Array([0.5, -1, 0.1, 1 / 3, NaN, -0])`)).toBe(
      'Float32Array(6) [0.5, -1, 0.1, 0.33333334, NaN, -0]',
    );
    expect(await text(`new Float64Array([0.1, 1 / 3])`)).toBe('Float64Array(2) [0.1, 0.3333333333333333]');
    expect(await text(`new Map<string, number>([['a', 1]]), new Set([1, 'b'])`)).toBe(
      `Map(1) { 'a' => 1 } Set(2) { 1, 'b' }`,
    );
    expect(await text(`new TypeError('no', { cause: new Error('why') })`)).toBe('TypeError: no\n  cause: why');
    expect(await text(`class A {}, new (class Point { x = 1 })(), () => {}, function f() {}`)).toBe(
      '[class A] Point { x: 1 } [function anonymous] [function f]',
    );
    expect(await text(`Promise.resolve(1)`)).toBe('Promise (await it for its value)');
    expect(await text(`Object.create(null), [], {}, new Map()`)).toBe('{} [] {} Map(0) {}');
    expect(await text('Symbol("s"), /a+/g, NaN, new Date(0)')).toBe('Symbol(s) /a+/g NaN 1970-01-01T00:00:00.000Z');
  });

  test('what prints itself does, in objects and when it is callable too', async () => {
    const tensor = `class Tensor { toString() { return 'tensor([1, 2])' } }`;
    const callable = `const model = Object.assign(() => 1, { toString: () => 'Net(\\n)' })`;
    const [entry] = await printed(`${tensor}; ${callable}; console.log(new Tensor(), { y: new Tensor() }, model)`);
    expect(entry.text).toBe('tensor([1, 2]) { y: tensor([1, 2]) } Net(\n)');
    const [broken] = await printed(`console.log({ toString() { throw new Error('gone') } })`);
    expect(broken.text).toBe('[Object: gone]');
  });

  test('long, deep and circular values are cut', async () => {
    const [long, deep, circular] = await printed(
      `console.log(Array.from({ length: 250 }, (_, i) => i))\nconsole.log([[[[[1]]]]])\nconst a: any = { n: 1 }; a.self = a; console.log(a)`,
    );
    expect(long.text).toContain('… 150 more');
    expect(Math.max(...long.text.split('\n').map((l) => l.length))).toBeLessThan(100);
    expect(deep.text).toBe('[[[[[Array(1)]]]]]');
    expect(circular.text).toBe('{ n: 1, self: [circular] }');
  });

  test('tables, groups, counters, timers and assertions', async () => {
    const entries = await printed(`
console.table([{ algo: 'DIRECT', ms: 1 }, { algo: 'GEMM', ms: 12 }])
console.group('outer')
console.log('a\\nb')
console.groupEnd()
console.count(); console.count()
console.assert(1 > 2, 'order'); console.assert(true)
console.time('t'); console.timeEnd('t'); console.timeEnd('u')
console.clear()`);
    expect(entries.map((e) => e.text)).toEqual([
      '   algo    ms\n0  DIRECT  1\n1  GEMM    12',
      'outer',
      '  a\n  b',
      'default: 1',
      'default: 2',
      'assertion failed: order',
      expect.stringMatching(/^t: \d+\.\d{3} ms$/),
      'u: no such timer; start it by console.time',
    ]);
  });
});
