/**
 * Intent: the kernel pane shows a kernel's code to the last letter, under the names of its files, and counts each
 * launch once.
 */
import { expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import type { KernelRecord } from '../../src/compile/compilation.ts';
import { link, provideShaders } from '../../src/gpu/linker.ts';
import { kernelRows, operationsText } from '../../src/playground/kernel-figures.ts';
import { partsOf } from '../../src/playground/panes/kernel/source-parts.ts';
import { tokenLines } from '../../src/playground/panes/kernel/wgsl.ts';
import type { Inspection } from '../../src/session/protocol.ts';

const shaders = readShaders();
provideShaders(shaders);

test('the tokens of each shader are its text, line by line', () => {
  for (const [file, text] of Object.entries(shaders)) {
    const lines = tokenLines(text).map((line) => line.map((token) => token.text).join(''));
    expect([file, lines]).toEqual([file, text.split('\n')]);
  }
});

test('comments, keywords, types, numbers, attributes and calls are told apart', () => {
  const kinds = (text: string): string =>
    tokenLines(text)[0]
      .filter(({ kind }) => kind !== 'plain')
      .map(({ kind, text: of }) => `${kind} ${of}`)
      .join(', ');
  expect(kinds('@group(0) let x1: vec4f = f(0x1Fu, 1.5e-3f); // for 2')).toBe(
    'attribute @group, number 0, keyword let, type vec4f, call f, number 0x1Fu, number 1.5e-3f, comment // for 2',
  );
  expect(tokenLines('/* a\nb */ return').map((line) => line[0].kind)).toEqual(['comment', 'comment']);
});

test('a linked kernel is divided into its files without banners, its own first', () => {
  const files = ['lib/grid.wgsl', 'lib/pool.wgsl', 'pool/1_direct.wgsl'];
  const linked = link({ label: 'pool/1_direct max', spec: { const: { WIDTH: 4 } }, files });
  const parts = partsOf(linked, { name: 'pool/1_direct max' });
  expect(parts.map(({ file, isOwn }) => [file, isOwn])).toEqual([
    ['shaders/pool/1_direct.wgsl', true],
    ['spec block of pool/1_direct max', true],
    ['shaders/lib/grid.wgsl', false],
    ['shaders/lib/pool.wgsl', false],
  ]);
  expect(parts[0].text).toBe(shaders['pool/1_direct.wgsl'].replace(/\n$/, ''));
  expect(parts[0].lines).toBe(parts[0].text.split('\n').length);
  expect(parts[1].text).toBe('const WIDTH = 4u;');
});

test('kernels alike are one row, whose times are all of theirs', () => {
  const kernel = (name: string, line: number) =>
    ({
      name,
      operations: [{ name: 'relu', shape: [1], lines: [line] }],
      once: false,
      nodes: [0],
      buffers: 2,
      workgroups: [1, 1, 1],
      files: [],
      bytesRead: 4,
      bytesWritten: 4,
      flops: 1,
    }) satisfies KernelRecord;
  const schedule = (...kernels: KernelRecord[]) => ({ recorded: [], passes: [], kernels, unfused: [] });
  const event = (of: [number, number], ms: number) => ({
    kernel: { schedule: of[0], kernel: of[1] },
    start: 100,
    end: 100 + ms,
  });
  const inspection = {
    schedules: [schedule(kernel('a', 1), kernel('b', 2)), schedule(kernel('a', 1), kernel('a', 9))],
    profile: { events: [event([0, 0], 1), event([0, 1], 2), event([1, 0], 3), event([1, 0], 2)] },
    memory: { plans: [], samples: [], leftOut: 0 },
    phases: [],
    start: 0,
    end: 1,
  } as unknown as Inspection;
  expect(
    kernelRows(inspection).map(({ record, runs, totalMs, share, lines }) => [record.name, runs, totalMs, share, lines]),
  ).toEqual([
    ['a', 3, 6, 6 / 8, [1]],
    ['b', 1, 2, 2 / 8, [2]],
    ['a', 0, 0, 0, [9]],
  ]);
  expect(operationsText(['a', 'b', 'c', 'd', 'e'])).toBe('a + b + c + 2 more');
});
