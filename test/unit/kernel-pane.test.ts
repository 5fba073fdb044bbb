/**
 * Intent: the kernel pane shows a kernel's code to the last letter, under the names of its files, and counts each
 * launch once.
 */
import { describe, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import type { KernelRecord, KernelTrial } from '../../src/compile/compilation.ts';
import { link, provideShaders } from '../../src/gpu/linker.ts';
import { kernelRows, operationsText } from '../../src/playground/kernel-figures.ts';
import { edited, messagesByFile } from '../../src/playground/panes/kernel/edits.ts';
import { candidateOf, directionOf, withCandidate, withOwnConvolution } from '../../src/playground/panes/kernel/own.ts';
import { partsOf } from '../../src/playground/panes/kernel/source-parts.ts';
import { speedText, valuesText, wrongFacts } from '../../src/playground/panes/kernel/trial-words.ts';
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

describe('an edited kernel', () => {
  const linked = link({
    label: 'pool/1_direct max',
    spec: { const: { WIDTH: 4 } },
    files: ['lib/grid.wgsl', 'lib/pool.wgsl', 'pool/1_direct.wgsl'],
  });
  const file = 'shaders/lib/pool.wgsl';

  test('is the linked one to the letter where nothing was edited', () => {
    expect(edited(linked, new Map()).code).toBe(linked.code);
  });

  test('has its parts in place of the linked ones, and each message at its line of a part', () => {
    const { code, places } = edited(linked, new Map([[file, 'one\ntwo\nthree']]));
    expect(code).toContain('\none\ntwo\nthree\n');
    for (const part of partsOf(linked, { name: 'pool/1_direct max' })) {
      if (part.file === file) continue;
      expect(code).toContain(part.text);
      const { start, lines } = places.find((place) => place.file === part.file)!;
      expect(
        code
          .split('\n')
          .slice(start - 1, start - 1 + lines)
          .join('\n'),
      ).toBe(part.text);
    }
    const { start } = places.find((place) => place.file === file)!;
    const message = { type: 'error', message: 'no', column: 3, length: 2 } as const;
    const found = messagesByFile(
      [
        { ...message, line: start + 2 },
        { ...message, line: 0 },
      ],
      { places },
    );
    expect([...found]).toEqual([
      [file, [{ ...message, line: 3 }]],
      [undefined, [{ ...message, line: 0 }]],
    ]);
  });
});

describe('how an edited kernel did, in words', () => {
  const times = (medianMs: number, samples = 24) => ({
    medianMs,
    spread: 0.1,
    samplesMs: Array.from({ length: samples }, () => medianMs),
  });
  const trial = (slower: number, low: number, high: number): KernelTrial => ({
    ok: true,
    messages: [],
    comparedWith: 'shipped kernel',
    maxError: 0,
    tolerance: 0,
    shipped: times(1.28),
    edited: times(1.5),
    behind: { slower, interval: [low, high], rounds: 24 },
  });

  test.each([
    [trial(0.17, 0.13, 0.22), '17% slower: 1.5 ms against 1.28 ms, 24 samples each.'],
    [trial(-0.12, -0.2, -0.05), '12% faster: 1.5 ms against 1.28 ms, 24 samples each.'],
    [
      trial(0.02, -0.1, 0.1),
      'As fast as the shipped one, as far as can be told: 1.5 ms against 1.28 ms, 24 samples each.',
    ],
    [trial(11, 10, 12), '1,100% slower: 1.5 ms against 1.28 ms, 24 samples each.'],
    [
      { ...trial(0.17, 0.13, 0.22), edited: times(1.5, 3), behind: undefined },
      'Too few samples to tell them apart: 1.5 ms against 1.28 ms, 3 and 24 samples.',
    ],
    [
      { ...trial(-0.11, -0.2, -0.05), behind: { slower: -0.11, interval: [-0.2, -0.05], rounds: 5 } } as KernelTrial,
      'Too few samples to tell them apart: 1.5 ms against 1.28 ms, 24 samples each.',
    ],
  ])('%#', (given, text) => expect(speedText(given)).toBe(text));

  test('what it was compared with, and where it went wrong', () => {
    expect(valuesText(trial(0, 0, 0))).toBe('Same values as the shipped kernel.');
    const off = { ...trial(0, 0, 0), comparedWith: 'float64 reference', maxError: 8e-7, tolerance: 2e-5 } as const;
    expect(valuesText(off)).toBe('Agrees with the float64 reference: error 8.0e-7, 2.0e-5 allowed.');
    const firstDifference = { element: 7, place: 'y[0, 7]', expected: 0.5, got: 0.25, reads: 'x[0] × w[7]' };
    const wrong: KernelTrial = { ok: false, messages: [], reason: 'it is wrong', firstDifference };
    expect(valuesText(wrong)).toBe('it is wrong');
    expect(wrongFacts(wrong)).toEqual([
      ['first wrong output', 'y[0, 7]'],
      ['expected', '0.5'],
      ['got', '0.25'],
      ['the sum over', 'x[0] × w[7]'],
    ]);
  });
});

describe("a kernel of one's own", () => {
  test('stands behind the imports, with dnn at hand', () => {
    const program = "// Mine\nimport { torch, nn } from 'wudnn';\n\nconst x = torch.ones(1);\n";
    const now = withOwnConvolution(program, 'backward data', 'fn main() { /* `${1}` \\ */ }\n');
    expect(now).toBe(`// Mine
import { torch, nn, dnn } from 'wudnn';

// A kernel of your own: change it, and press Run. It is verified, then raced beside the others.
dnn.customConvolution('mine', \`
fn main() { /* \\\`\\\${1}\\\` \\\\ */ }
\`, { direction: 'backward data', workgroups: (p) => Math.ceil((p.N * p.C * p.H * p.W) / 64) });

const x = torch.ones(1);
`);
    const twice = withOwnConvolution(now, 'forward', 'fn main() {}');
    expect(twice).toContain("customConvolution('mine 2', `");
    expect(twice).toContain('torch, nn, dnn }');
  });

  test('finds imports of several lines, and none', () => {
    const lines = withOwnConvolution("import {\n  torch,\n  nn,\n} from 'wudnn';\nconst a = 1;\n", 'forward', 'x');
    expect(lines).toMatch(/^import \{\n {2}torch,\n {2}nn, dnn\n\} from 'wudnn';\n\n\/\/ A kernel of your own/);
    expect(withOwnConvolution('const a = 1;', 'forward', 'x')).toMatch(/^import \{ dnn \} from 'wudnn';\n/);
  });

  describe('that is one of ours', () => {
    const name = 'conv2d/direct/2_sliding';
    const linked = link({
      label: name,
      spec: { const: { GROUP: 32, LANES: 8, Four: 'vec4<f32>' }, alias: { Elem: 'f32', Acc: 'f32' } },
      files: ['lib/conv.wgsl', 'epilogue/none.wgsl', 'block/unit.wgsl', 'conv2d/strips/elements.wgsl', `${name}.wgsl`],
    });
    const candidate = {
      direction: 'backward data',
      only: '4×3×32×32 * 16×3×3×3, padding 1, float32',
      workgroups: [40000, 2, 1],
      group: 32,
      given: ['lib/conv.wgsl', 'lib/grid.wgsl', 'epilogue/none.wgsl'],
    } as const;
    const text = { ...linked, candidate };
    const parts = partsOf(text, { name });
    const own = `shaders/${name}.wgsl`;
    const spec = `spec block of ${name}`;
    const shipped = (file: string): string => parts.find((part) => part.file === file)!.text;

    test('has its edited text, its grid, its workgroup size, its constants and its files', () => {
      const edits = new Map([
        [own, 'fn main() {}'],
        [spec, shipped(spec).replace('LANES = 8u', 'LANES = 4u')],
      ]);
      const made = candidateOf(text, parts, edits)!;
      if ('refusal' in made) throw new Error(made.refusal);
      expect(withCandidate('const a = 1;', made)).toBe(`import { dnn } from 'wudnn';

// conv2d/direct/2_sliding, as a candidate: change it, and press Run. It is verified, then raced beside the others.
dnn.customConvolution('mine', \`
const Four = vec4<f32>;
fn main() {}
\`, {
  only: '4×3×32×32 * 16×3×3×3, padding 1, float32',
  direction: 'backward data',
  workgroups: [40000, 2, 1],
  workgroupSize: 32,
  constants: { LANES: 4 },
  files: ['block/unit.wgsl', 'conv2d/strips/elements.wgsl'],
});
const a = 1;`);
    });

    test('brings the files that were edited, and names the others', () => {
      const file = 'shaders/block/unit.wgsl';
      const made = candidateOf(text, parts, new Map([[file, '// mine']]))!;
      expect(made).toMatchObject({ kernel: name, wgsl: expect.stringContaining('// mine') });
      expect(made).toMatchObject({ wgsl: expect.stringContaining(shipped(own)) });
      expect('options' in made && made.options).toContainEqual(['files', "['conv2d/strips/elements.wgsl']"]);
    });

    test('is refused where what every candidate is given was edited, and where it cannot be one', () => {
      const given = 'shaders/epilogue/none.wgsl';
      expect(candidateOf(text, parts, new Map([[given, '// mine']]))).toEqual({
        refusal: `You edited ${given}, which every candidate is given as it is shipped. Reset takes that back.`,
      });
      const half = shipped(spec).replace('alias Acc = f32', 'alias Acc = f16');
      expect(candidateOf(text, parts, new Map([[spec, half]]))).toEqual({
        refusal: `You changed the type Elem or Acc, which the problem gives. Reset takes that back.`,
      });
      const refusal = 'It ends in a pool; a candidate stores every output.';
      expect(candidateOf({ ...linked, candidate: { refusal } }, parts, new Map())).toEqual({ refusal });
      expect(candidateOf(linked, parts, new Map())).toBeUndefined();
    });
  });

  test('is of the direction of the kernel beside it', () => {
    expect(
      ['conv2d/direct/2_sliding', 'conv2d/backward_data/1_gather', 'conv2d/backward_filter/3_x', 'pool/1_direct'].map(
        directionOf,
      ),
    ).toEqual(['forward', 'backward data', 'backward filter', undefined]);
  });
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
