/**
 * @file The layers of the house: imports point only down, GPU objects stay in two rooms, files stay small.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

/** What each room may import besides itself. A room is a folder of src/, or one file of it that others may use alone. */
const below: Record<string, readonly string[]> = {
  base: [],
  gpu: ['base'],
  graph: ['base'],
  'dnn/records': ['base'],
  'dnn/verdict': ['base', 'dnn/records'],
  'dnn/tolerance': ['base', 'dnn/records'],
  'dnn/cache': ['base', 'dnn', 'dnn/records'],
  dnn: ['base', 'gpu', 'graph', 'dnn/cache', 'dnn/records', 'dnn/verdict', 'dnn/tolerance'],
  compile: ['base', 'gpu', 'graph', 'dnn', 'dnn/cache', 'dnn/records'],
  torch: ['base', 'graph', 'dnn', 'dnn/records', 'compile'],
  vision: ['base', 'graph', 'torch'],
  remote: ['base', 'graph'],
  compare: ['base', 'dnn/records', 'dnn/verdict'],
  'worker/protocol': ['base', 'dnn/cache', 'dnn/records', 'compare'],
  'worker/forms': ['base', 'compare', 'dnn/cache', 'dnn/records', 'worker/protocol'],
  'worker/frame': ['base'],
  'worker/flood': [],
  'worker/plan-database': ['dnn/cache', 'worker/forms', 'worker/protocol'],
  'worker/client': ['base', 'remote', 'compare', 'worker/flood', 'worker/forms', 'worker/frame', 'worker/plan-database', 'worker/protocol'],
  worker: ['base', 'gpu', 'graph', 'dnn', 'dnn/cache', 'dnn/records', 'dnn/verdict', 'dnn/tolerance', 'compile', 'torch', 'vision', 'remote', 'compare', 'worker/protocol'],
  cli: ['base', 'gpu', 'graph', 'dnn', 'dnn/cache', 'dnn/records', 'dnn/verdict', 'compile', 'torch', 'vision', 'remote', 'compare', 'worker', 'worker/protocol', 'bridge'],
  'bridge/protocol': ['base', 'remote'],
  bridge: ['base', 'graph', 'remote', 'compare', 'worker/protocol', 'cli', 'bridge/protocol'],
  playground: ['base', 'remote', 'compare', 'dnn/records', 'dnn/verdict', 'worker/protocol', 'worker/client', 'bridge/protocol'],
};
const gpuObject = /\bGPU(Device|Buffer|Queue|QuerySet|ShaderModule|ComputePipeline|PipelineLayout|BindGroup|BindGroupLayout|CommandEncoder|ComputePassEncoder)\b/;
const maxLines = 400;

const under = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => posix.join(folder, file));
const isText = (file: string) => /\.(ts|tsx|mjs|wgsl|css)$/.test(file);
const sources = under('src').filter((file) => /\.tsx?$/.test(file));
const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n');

/** The room of a path under src/; `undefined` when it is none of the table's. */
function roomOf(file: string): string | undefined {
  const path = posix.relative('src', file).replace(/\.tsx?$/, '');
  return path in below ? path : Object.keys(below).find((room) => room === path.split('/')[0]);
}

/** Every line of src/ that the rule complains about, as `file:line: complaint`. */
function complaints(rule: (line: string, file: string) => string | undefined): string[] {
  return sources.flatMap((file) => linesOf(file).flatMap((line, i) => {
    const complaint = rule(line, file);
    return complaint ? [`${file}:${i + 1}: ${complaint}: ${line.trim()}`] : [];
  }));
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

test('GPU objects are named only in gpu and dnn', () => {
  const found = complaints((line, file) => {
    const code = line.replace(/^\s*(\/?\*|\/\/).*/, '');
    return gpuObject.test(code) && !['gpu', 'dnn'].includes(roomOf(file) ?? '') ? 'a GPU object outside gpu and dnn' : undefined;
  });
  expect(found).toEqual([]);
});

test(`no file is longer than ${maxLines} lines`, () => {
  const files = ['src', 'test', 'scripts', 'shaders'].flatMap(under).filter(isText);
  const long = files.map((file) => [file, linesOf(file).length] as const).filter(([, lines]) => lines > maxLines);
  expect(long).toEqual([]);
});
