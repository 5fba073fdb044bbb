/**
 * @file The layers of the house: imports point only down, GPU objects stay in two rooms, files stay small.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

/**
 * What each room may import besides itself. A room is a folder of src/, one within it, or one file that others may use
 * alone; a path belongs to the innermost room that has it.
 */
const below: Record<string, readonly string[]> = {
  base: [],
  machine: ['base'],
  gpu: ['base'],
  graph: ['base'],
  'dnn/choice/records': ['base'],
  'dnn/choice/verdict': ['base', 'dnn/choice/records'],
  'dnn/choice/cache': ['base', 'dnn', 'dnn/choice/records'],
  'dnn/tolerance': ['base', 'dnn/choice/records'],
  dnn: ['base', 'gpu', 'graph', 'dnn/choice/cache', 'dnn/choice/records', 'dnn/choice/verdict', 'dnn/tolerance'],
  'compile/compilation': ['base', 'dnn/choice/records'],
  'compile/profile-data': ['base', 'compile/compilation'],
  'compile/memory-data': ['compile/compilation'],
  'compile/trace': ['base', 'compile/profile-data'],
  compile: [
    'base',
    'gpu',
    'graph',
    'dnn',
    'dnn/choice/cache',
    'dnn/choice/records',
    'dnn/tolerance',
    'compile/compilation',
    'compile/profile-data',
    'compile/memory-data',
  ],
  torch: ['base', 'graph', 'dnn', 'dnn/choice/records', 'compile', 'compile/profile-data', 'compile/trace'],
  vision: ['base', 'graph', 'torch'],
  remote: ['base', 'graph'],
  'remote/node': ['base', 'machine', 'remote'],
  compare: ['base', 'dnn/choice/records', 'dnn/choice/verdict'],
  steps: ['base'],
  crossover: ['base', 'dnn/choice/records'],
  lessons: ['base', 'dnn/choice/records', 'dnn/choice/verdict', 'session/protocol'],
  class: ['base', 'compare', 'lessons', 'dnn/choice/records', 'session/forms'],
  'session/protocol': [
    'base',
    'compare',
    'dnn/choice/cache',
    'dnn/choice/records',
    'compile/compilation',
    'compile/profile-data',
    'compile/memory-data',
  ],
  'session/forms': ['base', 'dnn/choice/records', 'session/protocol'],
  session: [
    'base',
    'graph',
    'dnn',
    'dnn/choice/records',
    'dnn/choice/verdict',
    'dnn/tolerance',
    'compile',
    'compile/compilation',
    'torch',
    'vision',
    'remote',
    'compare',
    'session/protocol',
  ],
  cli: [
    'base',
    'machine',
    'gpu',
    'graph',
    'dnn',
    'dnn/choice/cache',
    'dnn/choice/records',
    'dnn/choice/verdict',
    'compile',
    'compile/compilation',
    'compile/profile-data',
    'compile/trace',
    'torch',
    'remote',
    'remote/node',
    'compare',
    'class',
    'crossover',
    'lessons',
    'session',
    'session/protocol',
  ],
  'bridge/protocol': ['base', 'remote'],
  bridge: ['base', 'machine', 'remote', 'remote/node', 'bridge/protocol'],
  'playground/engine/host': [
    'base',
    'gpu',
    'dnn',
    'dnn/choice/cache',
    'compile',
    'session',
    'session/protocol',
    'playground/engine',
    'playground/engine/shaders',
  ],
  'playground/engine/shaders': ['gpu'],
  'playground/engine': [
    'base',
    'compare',
    'dnn/choice/cache',
    'dnn/choice/records',
    'compile/compilation',
    'compile/profile-data',
    'compile/memory-data',
    'remote',
    'session/forms',
    'session/protocol',
  ],
  playground: [
    'base',
    'remote',
    'compare',
    'steps',
    'class',
    'crossover',
    'lessons',
    'dnn/choice/records',
    'dnn/choice/verdict',
    'compile/compilation',
    'compile/profile-data',
    'compile/memory-data',
    'compile/trace',
    'session/forms',
    'session/protocol',
    'playground/engine',
    'bridge/protocol',
  ],
};
const gpuObject =
  /\bGPU(Device|Buffer|Queue|QuerySet|ShaderModule|ComputePipeline|PipelineLayout|BindGroup|BindGroupLayout|CommandEncoder|ComputePassEncoder)\b/;
const maxLines = 400;
const maxColumns = 120;

const under = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => posix.join(folder, file));
const isText = (file: string) => /\.(ts|tsx|mjs|wgsl|css)$/.test(file);
const sources = under('src').filter((file) => /\.tsx?$/.test(file));
const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');

/** The room of a path under src/; `undefined` when it is none of the table's. */
function roomOf(file: string): string | undefined {
  const parts = posix
    .relative('src', file)
    .replace(/\.tsx?$/, '')
    .split('/');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('/')).find((path) => path in below);
}

/** The files that one imports, with what only its types need. */
function importsOf(file: string): { target: string; isType: boolean }[] {
  const statements = linesOf(file)
    .join('\n')
    .matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?\bfrom\s*['"](\.[^'"?]+)/gm);
  return [...statements].map(([, type, target]) => ({
    target: posix.join(posix.dirname(file), target),
    isType: type !== undefined,
  }));
}

/** A way from a name back to itself, as the names on it; `undefined` where there is none. */
function circleIn(next: ReadonlyMap<string, Iterable<string>>): string[] | undefined {
  const clear = new Set<string>();
  const walk = (name: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (clear.has(name)) return undefined;
    for (const other of next.get(name) ?? []) {
      const found = walk(other, [...way, name]);
      if (found) return found;
    }
    clear.add(name);
    return undefined;
  };
  for (const name of next.keys()) {
    const found = walk(name, []);
    if (found) return found;
  }
  return undefined;
}

/** Every line of src/ that the rule complains about, as `file:line: complaint`. */
function complaints(rule: (line: string, file: string) => string | undefined): string[] {
  return sources.flatMap((file) =>
    linesOf(file).flatMap((line, i) => {
      const complaint = rule(line, file);
      return complaint ? [`${file}:${i + 1}: ${complaint}: ${line.trim()}`] : [];
    }),
  );
}

test('imports point only down the list of layers', () => {
  const found = complaints((line, file) => {
    const target = /\b(?:from|import)\s*\(?\s*['"](\.[^'"?]+)/.exec(line)?.[1];
    if (!target) return undefined;
    const [from, to] = [roomOf(file), roomOf(posix.join(posix.dirname(file), target))];
    if (from === undefined || to === undefined) return 'a path outside the rooms of this test';
    return from === to || below[from].includes(to) ? undefined : `${from} may not import ${to}`;
  });
  expect(found).toEqual([]);
  expect(sources).toContain('src/base/errors.ts');
});

test('no circle of folders', () => {
  const folder = (file: string) => file.split('/').slice(0, 2).join('/');
  const next = new Map<string, Set<string>>();
  for (const file of sources) {
    const others = next.get(folder(file)) ?? next.set(folder(file), new Set()).get(folder(file))!;
    for (const { target } of importsOf(file)) if (folder(target) !== folder(file)) others.add(folder(target));
  }
  expect(circleIn(next)).toBeUndefined();
  expect(
    circleIn(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
  ).toEqual(['b', 'c', 'b']);
});

test('no circle of files as they are loaded, but of operations with the formulas of their gradients', () => {
  const formulas = 'src/graph/expr.ts';
  const loads = (file: string): string[] => importsOf(file).flatMap(({ target, isType }) => (isType ? [] : [target]));
  const next = new Map(sources.filter((file) => file !== formulas).map((file) => [file, loads(file)]));
  expect(circleIn(next)).toBeUndefined();
  expect(circleIn(next.set(formulas, loads(formulas)))).toContain(formulas);
});

test('GPU objects are named only in gpu and dnn', () => {
  const found = complaints((line, file) => {
    const code = line.replace(/^\s*(\/?\*|\/\/).*/, '');
    return gpuObject.test(code) && !/^src\/(gpu|dnn)\//.test(file) ? 'a GPU object outside gpu and dnn' : undefined;
  });
  expect(found).toEqual([]);
});

test('operations are told apart by their values and facts, never by their names', () => {
  const found = complaints((line) =>
    /\bop\.name\)?\s*([!=]==|\.startsWith|\.includes)|switch \(.*\bop\.name/.test(line)
      ? 'an operation by its name'
      : undefined,
  );
  expect(found).toEqual([]);
});

const texts = ['src', 'test', 'scripts', 'shaders'].flatMap(under).filter(isText);

test(`no file is longer than ${maxLines} lines`, () => {
  const long = texts.map((file) => [file, linesOf(file).length] as const).filter(([, lines]) => lines > maxLines);
  expect(long).toEqual([]);
});

test(`no line of a comment is longer than ${maxColumns} columns, which the formatter leaves to people`, () => {
  const long = texts.flatMap((file) =>
    linesOf(file).flatMap((line, i) =>
      /^\s*(\/\/|\/?\*)/.test(line) && line.length > maxColumns ? `${file}:${i + 1}` : [],
    ),
  );
  expect(long).toEqual([]);
});
