/**
 * @file A convolution kernel of the visitor's own, put into the program as a text that can be edited there.
 */
import type { AlgorithmChoice } from '../../../dnn/choice/records.ts';

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
export function withOwnConvolution(program: string, direction: Direction, wgsl: string): string {
  const text = wgsl.trim().replaceAll(/[\\`]|\$(?=\{)/g, (letter) => `\\${letter}`);
  const call = `
// A kernel of your own: change it, and press Run. It is verified, then raced beside the others.
dnn.customConvolution('${freeName(program)}', \`
${text}
\`, {${direction === 'forward' ? '' : ` direction: '${direction}',`} workgroups: (p) => Math.ceil((${results[direction]}) / 64) });
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
