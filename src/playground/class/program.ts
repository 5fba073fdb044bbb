/**
 * @file The program of an assignment: a kernel to begin with, and a convolution of the visible shape that it runs in.
 */
import type { Words } from '../../base/words.ts';
import { readShape } from '../../class/assignment.ts';
import type { Direction } from '../../dnn/choice/records.ts';

/** What the student's kernel begins as: our plainest one, or its bindings with nothing computed. */
export type Beginning = 'plainest' | 'frame';

export interface Task {
  readonly title: string;
  readonly direction: Direction;
  /** `'1,3,16,16,8,3,3,1,1'`. */
  readonly shape: string;
  readonly begins: Beginning;
}

const texts = import.meta.glob<string>(
  [
    '/shaders/conv2d/direct/1_definition.wgsl',
    '/shaders/conv2d/backward_data/1_gather.wgsl',
    '/shaders/conv2d/backward_filter/1_gather.wgsl',
  ],
  { query: '?raw', import: 'default', eager: true },
);

interface Way {
  readonly file: string;
  readonly result: string;
  /** Elements of the result, in the sizes' letters. */
  readonly elements: readonly string[];
}

const ways: Readonly<Record<Direction, Way>> = {
  forward: { file: 'direct/1_definition', result: 'y', elements: ['N', 'K', 'P', 'Q'] },
  'backward data': { file: 'backward_data/1_gather', result: 'dx', elements: ['N', 'C', 'H', 'W'] },
  'backward filter': { file: 'backward_filter/1_gather', result: 'dw', elements: ['K', 'C / GROUPS', 'R', 'S'] },
};

/** The kernel's text, without the header that explains ours. */
function kernelOf(direction: Direction, begins: Beginning): string {
  const { file, result, elements } = ways[direction];
  const whole = texts[`/shaders/conv2d/${file}.wgsl`].trimEnd();
  if (begins === 'plainest') return whole.slice(whole.indexOf('@group'));
  const bindings = whole.split('\n').filter((line) => line.startsWith('@group'));
  return `${bindings.join('\n')}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) gid: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = linear_invocation(gid, groups, GROUP);
  if (index >= ${elements.map((size) => (size.includes('/') ? `(${size})` : size)).join(' * ')}) { return; }
  ${result}[index] = Elem(0);
}`;
}

const told: Words = {
  en: `// Write the kernel between the backquotes. It must be right for every shape, not only for this one. docs/own-kernels.md
// says what it is given. Run it, look at the Race, then save your answers in the Lesson pane.`,
  zh: `// 请在反引号之间编写内核。它必须对任何形状都正确，而不只是这一个。可用的量见 docs/own-kernels.md。
// 运行并查看 Race 面板，然后在课程面板中保存你的答案。`,
};

/** Throws where the shape makes no convolution. */
export function assignmentProgram({ title, direction, shape, begins }: Task, column: keyof Words): string {
  const { N, C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = readShape(shape);
  const { elements } = ways[direction];
  const geometry = Object.entries({ stride, padding, dilation, groups })
    .filter(([name, value]) => value !== (name === 'padding' ? 0 : 1))
    .map(([name, value]) => `${name}: ${value}`);
  const tensors = {
    x: `const x = torch.randn(${N}, ${C}, ${H}, ${W}).to(device);`,
    w: `const w = torch.randn(${K}, ${C / groups}, ${R}, ${S}).to(device);`,
    dy: `const dy = torch.randn(${N}, ${K}, ${P}, ${Q}).to(device);`,
  };
  const options = (more: readonly string[]): string => {
    const all = [...more, ...geometry];
    return all.length > 0 ? `, { ${all.join(', ')} }` : '';
  };
  const calls: Readonly<Record<Direction, readonly string[]>> = {
    forward: [tensors.x, tensors.w, `export const output = F.conv2d(x, w, null${options([])});`],
    'backward data': [
      tensors.dy,
      tensors.w,
      `export const output = dnn.convolutionBackwardData(dy, w${options([`inputSize: [${N}, ${C}, ${H}, ${W}]`])});`,
    ],
    'backward filter': [
      tensors.x,
      tensors.dy,
      `export const output = dnn.convolutionBackwardFilter(x, dy${options([`weightSize: [${K}, ${C / groups}, ${R}, ${S}]`])});`,
    ],
  };
  const count = elements
    .map((size) => (size.includes('/') ? '(problem.C / problem.groups)' : `problem.${size}`))
    .join(' * ');
  return `// ${title.replaceAll(/\s+/g, ' ')}
import { torch, ${direction === 'forward' ? 'F, ' : ''}dnn } from 'wudnn';

${told[column]}
const wgsl = \`
${kernelOf(direction, begins).replaceAll(/[`\\]|\$\{/g, String.raw`\$&`)}
\`;

dnn.customConvolution('mine', wgsl, {
  direction: '${direction}',
  workgroups: (problem) => Math.ceil((${count}) / 64),
});

torch.backends.cudnn.benchmark = true;
torch.backends.cudnn.benchmarkLimit = 6;
torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
${calls[direction].join('\n')}
`;
}
