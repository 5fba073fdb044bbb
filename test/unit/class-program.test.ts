/**
 * Intent: an assignment's program runs as it is given to students, in each direction: it brings its kernel, which is
 * read from its text as `wudnn grade` reads it, and computes the visible shape. What a lesson's visitor wrote is kept.
 */
import { expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { kernelsIn } from '../../src/cli/program-kernels.ts';
import { convolutionTemplate } from '../../src/dnn/conv2d/own.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import type { Beginning } from '../../src/playground/class/program.ts';
import { assignmentProgram } from '../../src/playground/class/program.ts';
import * as tables from '../../src/playground/class/words.ts';
import { readProgress } from '../../src/playground/lessons/progress.ts';
import { Session } from '../../src/session/session.ts';

provideShaders(readShaders());
const session = new Session({ versions: {} });
const code = (text: string): string =>
  text
    .replaceAll(/\/\/.*/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

const directions = ['forward', 'backward data', 'backward filter'] as const;
const shapes: Record<(typeof directions)[number], readonly number[]> = {
  forward: [2, 6, 4, 5],
  'backward data': [2, 4, 7, 9],
  'backward filter': [6, 2, 3, 3],
};

test.each(
  directions.flatMap((direction) => (['plainest', 'frame'] as const).map((begins) => [direction, begins] as const)),
)('of %s, beginning as %s', async (direction, begins: Beginning) => {
  const task = { title: 'Homework `3`\n// x', direction, shape: '2,4,7,9,6,3,3,2,1,1,2', begins };
  const program = assignmentProgram(task, 'en');
  expect(program).toMatch(/^\/\/ Homework `3` \/\/ x\n/);
  const [kernel] = kernelsIn(program);
  expect(kernel.direction).toBe(direction);
  if (begins === 'plainest') expect(code(kernel.wgsl)).toBe(code(convolutionTemplate(direction)));
  else expect(kernel.wgsl).not.toMatch(/\bfor\b/);
  const result = await session.run(program, { console: () => {}, progress: () => {} });
  expect(result).toMatchObject({ ok: true, outputs: [{ name: 'output', shape: shapes[direction] }] });
  expect(assignmentProgram(task, 'zh')).toMatch(/\p{Script=Han}/u);
});

test('a shape that makes no convolution is refused', () => {
  const task = { title: '', direction: 'forward', shape: '1,1,2,2,1,9,9', begins: 'frame' } as const;
  expect(() => assignmentProgram(task, 'en')).toThrow(/larger than its padded image/);
});

test('what the Class pane says has both languages', () => {
  const { words, directionWords, beginningWords, predictionWords, checkWords, countOf, tooMany } = tables;
  const all = [words, directionWords, beginningWords, predictionWords, checkWords].flatMap((table) =>
    Object.values(table),
  );
  for (const { en, zh } of [...all, countOf(1, 0), countOf(3, 2), tooMany(4)]) {
    expect(en).toMatch(/[a-z]/);
    expect(zh).toMatch(/\p{Script=Han}/u);
  }
});

test('an answer in own words is kept with the progress, and no longer than it may be', () => {
  expect(readProgress('{"which":{"answer":"Three."}}')).toEqual({ which: { answer: 'Three.' } });
  expect(readProgress(JSON.stringify({ which: { answer: 'x'.repeat(5000) } }))['which'].answer).toHaveLength(4000);
  expect(readProgress('{"which":{"answer":7}}')).toEqual({ which: {} });
});
