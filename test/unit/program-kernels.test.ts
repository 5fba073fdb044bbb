/**
 * Intent: a kernel is read from a stranger's program without running it: texts, constants and the arithmetic of the
 * problem's sizes are worked out; everything else is refused, and so is what would take for ever or all memory.
 */
import { expect, test } from 'vitest';
import { kernelsIn } from '../../src/cli/program-kernels.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import type { ConvDescriptor } from '../../src/dnn/conv2d/descriptor.ts';
import { convolutionTemplate } from '../../src/dnn/conv2d/own.ts';
import { provideShaders } from '../../src/gpu/linker.ts';

provideShaders(readShaders());
const problem = { N: 2, K: 16, P: 8, Q: 8, groups: 1 } as ConvDescriptor;
const call = (wgsl: string, more = 'workgroups: 1'): string => `dnn.customConvolution('mine', ${wgsl}, { ${more} });`;
const main = "'fn main() {}'";

test('what a call is given is worked out', () => {
  const [kernel, other] = kernelsIn(`
import { dnn, torch } from 'wudnn';
const TILE: number = 4, size = { group: TILE * 8 };
export const body = \`\${TILE}u\`;
const grid = (d: Problem) => [Math.ceil(d.N / TILE), d.K > 8 ? d.P : 1, d['Q']];
if (torch.webgpu.isAvailable()) {
  dnn.customConvolution('mine', 'const T = ' + body + '; fn main() {}', {
    direction: 'backward data', workgroups: grid, workgroupSize: size.group, constants: (d) => ({ TILE, two: d.N }),
    runs: ({ groups }) => groups === 1 || 'needs one group', deterministic: false,
  });
}
function later() { return dnn.customConvolution('template', dnn.convolutionTemplate('forward'), { workgroups: 7 }); }`);
  expect(kernel).toMatchObject({
    name: 'mine',
    wgsl: 'const T = 4u; fn main() {}',
    direction: 'backward data',
    workgroupSize: 32,
    deterministic: false,
  });
  const of = (value: unknown): unknown => (value as (d: ConvDescriptor) => unknown)(problem);
  expect(of(kernel.workgroups)).toEqual([1, 8, 8]);
  expect({ ...(of(kernel.constants) as object) }).toEqual({ TILE: 4, two: 2 });
  expect(of(kernel.runs)).toBe(true);
  expect(kernel.runs!({ ...problem, groups: 2 })).toBe('needs one group');
  expect(other).toMatchObject({ wgsl: convolutionTemplate('forward'), direction: 'forward', workgroupSize: 64 });
  expect(kernelsIn('export const x = 1;')).toEqual([]);
});

const doubled = Array.from({ length: 40 }, (_, i) => `const a${i + 1} = a${i} + a${i};`).join('\n');

test.each([
  ['a text that doubles 40 times', `const a0 = 'fn main() {}';\n${doubled}\n${call('a40')}`, /too long|longer than/],
  ['a constant of itself', `const a = a + 'x';\n${call('a')}`, /takes too long/],
  ['a call of anything', call("fetch('https://example.org')"), /only running the program would tell/],
  ['a global', call('process.env.HOME'), /only running the program would tell/],
  ['a constructor', call(main, "workgroupSize: ''.constructor.constructor('return 1')()"), /only running/],
  ['what is computed', `let t = ${main};\n${call('t')}`, /only running the program would tell \(Identifier\)/],
  ['a text without fn main', call("'fn other() {}'"), /no text with a fn main/],
  ['a direction that is none', call(main, "direction: 'sideways'"), /its direction is none/],
  ['no program', 'const const;', /./],
  ['very deep brackets', call(`${'('.repeat(20_000)}1${')'.repeat(20_000)}`), /./],
])('%s is refused', (_what, program, reason) => expect(() => kernelsIn(program)).toThrow(reason));

test.each([
  ['calls itself for ever', 'workgroups: (d) => f(d)', 'const f = (d) => f(d);'],
  ['reaches for the prototype', "workgroups: (d) => d['__proto__']['constructor']", ''],
  ['loops', 'workgroups: (d) => { while (true) {} }', ''],
])('a grid that %s throws when it is asked for', (_what, options, before) => {
  const [{ workgroups }] = kernelsIn(`${before}\n${call(main, options)}`);
  expect(() => (workgroups as (d: ConvDescriptor) => unknown)(problem)).toThrow(/takes too long|only running/);
});
