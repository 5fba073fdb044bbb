/**
 * @file Convolution kernels of the visitor's own, put into the program as texts that can be edited there: the plainest
 * one of a direction, or one of ours as it is edited in the pane.
 */
import type { KernelText } from '../../../compile/compilation.ts';
import type { AlgorithmChoice } from '../../../dnn/choice/records.ts';
import { say } from '../../language.ts';
import type { Edits } from './edits.ts';
import type { SourcePart } from './source-parts.ts';

type Direction = AlgorithmChoice['direction'];

/** The direction of a kernel of a convolution; of another kernel nothing. */
export function directionOf(kernel: string): Direction | undefined {
  if (!kernel.startsWith('conv2d/')) return undefined;
  if (kernel.startsWith('conv2d/backward_data')) return 'backward data';
  return kernel.startsWith('conv2d/backward_filter') ? 'backward filter' : 'forward';
}

/** How many elements the result has: an invocation computes one. */
const results: Readonly<Record<Direction, string>> = {
  forward: 'p.N * p.K * p.P * p.Q',
  'backward data': 'p.N * p.C * p.H * p.W',
  'backward filter': '(p.K * p.C * p.R * p.S) / p.groups',
};

/** The program with a kernel of this text among the candidates of its convolutions. */
export const withOwnConvolution = (program: string, direction: Direction, wgsl: string): string =>
  withCall(
    program,
    say({
      en: 'A kernel of your own: change it, and press Run. It is verified, then raced beside the others.',
      zh: '你自己的内核：修改它，再点击“运行”。它先经核对，再与其他候选竞速。',
    }),
    wgsl,
    `{${direction === 'forward' ? '' : ` direction: '${direction}',`} workgroups: (p) => Math.ceil((${results[direction]}) / 64) }`,
  );

/** A kernel of ours with the visitor's edits, as a program brings it. */
export interface Candidate {
  /** What it was made of: `'conv2d/direct/2_sliding'`. */
  readonly kernel: string;
  readonly wgsl: string;
  /** The options of `dnn.customConvolution`, in order, as they are written. */
  readonly options: readonly (readonly [name: string, value: string])[];
}

/** The program with the candidate among those of its problem. */
export const withCandidate = (program: string, { kernel, wgsl, options }: Candidate): string =>
  withCall(
    program,
    say({
      en: `${kernel}, as a candidate: change it, and press Run. It is verified, then raced beside the others.`,
      zh: `作为候选的 ${kernel}：修改它，再点击“运行”。它先经核对，再与其他候选竞速。`,
    }),
    wgsl,
    `{\n${options.map(([name, value]) => `  ${name}: ${value},\n`).join('')}}`,
  );

/**
 * The candidate that a kernel is with its edits, or why it is none. Its text is the kernel's own file and whatever else
 * was edited; the other files are named.
 */
export function candidateOf(
  { candidate }: KernelText,
  parts: readonly SourcePart[],
  edits: Edits,
): Candidate | { readonly refusal: string } | undefined {
  if (!candidate || 'refusal' in candidate) return candidate;
  const { direction, only, workgroups, group, given } = candidate;
  const pieces: string[] = [];
  const files: string[] = [];
  const constants: string[] = [];
  let kernel = '';
  let size = group;
  for (const { file, text, isOwn } of parts) {
    const path = file.startsWith('shaders/') ? file.slice('shaders/'.length) : undefined;
    const now = edits.get(file);
    if (file.startsWith('spec block')) {
      const spec = specOf(now ?? text);
      const [before, after] = [specOf(text).alias, spec.alias];
      if (before.join() !== after.join())
        return {
          refusal: say({
            en: 'You changed the type Elem or Acc, which the problem gives. Reset takes that back.',
            zh: '你改动了类型 Elem 或 Acc，它由问题给定。点“还原”可撤销。',
          }),
        };
      constants.push(...spec.constants.map(([name, value]) => `${name}: ${value}`));
      size = spec.group ?? group;
      pieces.unshift(...spec.rest);
    } else if (path === undefined || given.includes(path)) {
      if (now !== undefined)
        return {
          refusal: say({
            en: `You edited ${file}, which every candidate is given as it is shipped. Reset takes that back.`,
            zh: `你改动了 ${file}，每个候选得到的都是发布版。点“还原”可撤销。`,
          }),
        };
    } else if (isOwn || now !== undefined) {
      if (isOwn) kernel = path.replace(/\.wgsl$/, '');
      pieces.push(now ?? text);
    } else files.push(path);
  }
  const [x, y, z] = workgroups;
  const all: [string, string, boolean][] = [
    ['only', quoted(only), true],
    ['direction', quoted(direction), direction !== 'forward'],
    ['workgroups', y === 1 && z === 1 ? `${x}` : `[${workgroups.join(', ')}]`, true],
    ['workgroupSize', `${size}`, size !== 64],
    ['constants', `{ ${constants.join(', ')} }`, constants.length > 0],
    ['files', `[${files.map(quoted).join(', ')}]`, files.length > 0],
  ];
  return {
    kernel,
    wgsl: pieces.join('\n'),
    options: all.flatMap(([name, value, isSaid]) => (isSaid ? [[name, value] as const] : [])),
  };
}

/** A spec block: what `dnn.customConvolution` takes as constants, what types it gives, and the other lines. */
function specOf(block: string) {
  const constants: [name: string, value: string][] = [];
  const alias: string[] = [];
  const rest: string[] = [];
  let group: number | undefined;
  for (const line of block.split('\n')) {
    const [, name, value] = /^\s*const\s+([A-Za-z]\w*)\s*=\s*(\d+)u\s*;\s*$/.exec(line) ?? [];
    if (/^\s*alias\s+(?:Elem|Acc)\b/.test(line)) alias.push(line.trim());
    else if (name === 'GROUP') group = Number(value);
    else if (name !== undefined) constants.push([name, value]);
    else if (line.trim() !== '') rest.push(line);
  }
  return { constants, alias, rest, group };
}

const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, (letter) => `\\${letter}`)}'`;

/** The program with a call that brings a kernel, behind its imports. */
function withCall(program: string, comment: string, wgsl: string, options: string): string {
  const text = wgsl.trim().replaceAll(/[\\`]|\$(?=\{)/g, (letter) => `\\${letter}`);
  const call = `
// ${comment}
dnn.customConvolution('${freeName(program)}', \`
${text}
\`, ${options});
`;
  const imported = withImport(program);
  const lines = imported.split('\n');
  const at = lines.findLastIndex((line) => /^(import\b|\}\s*from\b)/.test(line));
  return [...lines.slice(0, at + 1), ...call.trimEnd().split('\n'), ...lines.slice(at + 1)].join('\n');
}

/** The program with `dnn` at hand. */
function withImport(program: string): string {
  const found = /import\s*\{([^}]*)\}\s*from\s*(['"])wudnn\2/.exec(program);
  if (!found) return `import { dnn } from 'wudnn';\n${program}`;
  const names = found[1];
  if (/\bdnn\b/.test(names)) return program;
  const now = found[0].replace(names, `${names.trimEnd().replace(/,$/, '')}, dnn${/\s$/.exec(names)?.[0] ?? ''}`);
  return program.replace(found[0], () => now);
}

function freeName(program: string): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? 'mine' : `mine ${i}`;
    if (!program.includes(`'${name}'`)) return name;
  }
}
