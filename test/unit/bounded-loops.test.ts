/**
 * Intent: every loop of a strange kernel is given an end, on lines that stay where they were; barriers keep the control
 * flow that WGSL asks for; loops that the problem alone decides are left alone where that is asked for.
 */
import { expect, test } from 'vitest';
import { boundLoops } from '../../src/gpu/bounded-loops.ts';

const kernel = (body: string): string => `@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<uniform> conv: Conv;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
${body}
}`;

/** The lines of the body, which is one line each. */
const bounded = (body: string, options = {}): string[] =>
  boundLoops(kernel(body), { turns: 100, mark: 4, ...options })
    .split('\n')
    .slice(4, 4 + body.split('\n').length);

test('each kind of loop has a check', () => {
  expect(bounded('for (var i = 0u; i < 4u; i++) { a(); }')).toEqual([
    'for (var i = 0u; wudnn_goes_on() && ( i < 4u); i++) { a(); }',
  ]);
  expect(bounded('for (;;) { a(); }')).toEqual(['for (; wudnn_goes_on();) { a(); }']);
  expect(bounded('while (x[min(gid.x, 3u)] > 0.0) {\n}')).toEqual([
    'while wudnn_goes_on() && ((x[min(gid.x, 3u)] > 0.0) ) {',
    '}',
  ]);
  expect(bounded('loop { continuing { break if gid.x > 3u; } }')).toEqual([
    'loop { if (!(wudnn_goes_on())) { break; } continuing { break if gid.x > 3u; } }',
  ]);
});

test('what marks is bound where it was asked for, and nowhere else', () => {
  const text = kernel('loop { }');
  expect(boundLoops(text, { turns: 7, mark: 4 })).toContain(
    '@group(0) @binding(4) var<storage, read_write> wudnn_mark',
  );
  expect(boundLoops(text, { turns: 7 })).not.toContain('wudnn_mark');
  expect(boundLoops(text, { turns: 7 })).toContain('if (wudnn_turns <= 7u)');
});

test('words in comments, and names that contain them, are no loops', () => {
  const body = '// for (;;) { }\n/* while /* loop { } */ true { } */\nlet for_all = 1; let whileTrue = 2;';
  expect(boundLoops(kernel(body), { turns: 100 })).toBe(kernel(body));
});

test('a loop that waits at a barrier counts by itself, also where the barrier is in a function that it calls', () => {
  expect(bounded('for (var i = 0u; i < 4u; i++) { workgroupBarrier(); }')).toEqual([
    'var wudnn_turns_0 = 0u; for (var i = 0u; wudnn_turns_0 < 100u && ( i < 4u); i++) { wudnn_turns_0++; if (wudnn_turns_0 == 100u) { wudnn_give_up(); } workgroupBarrier(); }',
  ]);
  const text = boundLoops(
    `fn wait() { workgroupBarrier(); }\nfn share() { wait(); }\nfn main() { loop { share(); } }`,
    { turns: 5 },
  );
  expect(text).toContain('var wudnn_turns_0 = 0u; loop {');
});

test('brackets that do not match leave the text to the compiler', () => {
  const text = 'fn main() { for (var i = 0; i < 3; i++) { ';
  expect(boundLoops(text, { turns: 5 })).toBe(text);
});

const spared = (body: string): boolean => {
  const lines = body.split('\n');
  return bounded(body, { spareCounted: true }).every((line, i) => line === lines[i]);
};

test.each([
  'for (var c = 0u; c < conv.C / conv.groups; c++) { a(x[c]); }',
  'let Cg = conv.C / conv.groups;\nfor (var c = 0u; c < Cg; c++) { a(x[c]); }',
  'for (var i = lane; i < SIZE; i += GROUP) { a(i); }',
  'for (var i = 0u; i < 4u; i++) { for (var j = i; j < 4u; j++) { a(j); } }',
  'let p = i32(gid.x); let first = min(p, 3);\nfor (var h = first; h < first + 3; h++) { workgroupBarrier(); }',
])('left alone: %s', (body) => {
  expect(spared(body)).toBe(true);
});

test.each([
  'for (var c = 0u; c < conv.C; c++) { c--; }',
  'for (var c = 0u; c < u32(x[0]); c++) { }',
  'let most = u32(x[0]);\nfor (var c = 0u; c < most; c++) { }',
  'var most = 4u;\nfor (var c = 0u; c < most; c++) { most++; }',
  'for (var c = 0u; c < 4u; c++) { touch(&c); }',
  'while (true) { }',
  'loop { if (x[0] > 0) { break; } }',
  'var i = 0u;\nfor (; i < 4u; i++) { }',
])('bounded: %s', (body) => {
  expect(spared(body)).toBe(false);
});
