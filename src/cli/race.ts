/**
 * @file `race`: a convolution kernel in a file against every algorithm of a shape.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, messageOf } from '../base/errors.ts';
import { sizeOf } from '../base/shape.ts';
import { PlanCache } from '../dnn/choice/cache.ts';
import { Chooser } from '../dnn/choice/choose.ts';
import type { AlgorithmChoice, Candidate } from '../dnn/choice/records.ts';
import { defaultSettings } from '../dnn/choice/settings.ts';
import { reasonOf, verdictOf } from '../dnn/choice/verdict.ts';
import type { ConvDescriptor } from '../dnn/conv2d/descriptor.ts';
import { resultShape } from '../dnn/conv2d/descriptor.ts';
import type { Workgroups } from '../dnn/conv2d/own.ts';
import { addOwnConvolution, convolutionTemplate, hasEntry } from '../dnn/conv2d/own.ts';
import { Device } from '../gpu/device.ts';
import { provideShaders } from '../gpu/linker.ts';
import { openAdapter } from '../machine/adapters.ts';
import { wholeNumber } from './arguments.ts';
import { textStream, writeJson } from './output.ts';
import { showStatus } from './progress.ts';
import { readShaders } from './shaders.ts';
import { directionOf, parseShape } from './shapes.ts';
import { formatChoice } from './tune.ts';

export const usage = `npm run -s wudnn -- race KERNEL.wgsl SHAPE [OPTIONS]
npm run -s wudnn -- race --template [--direction NAME]

Races a convolution kernel of your own against every algorithm of a shape: verifies it, times it in the same rounds, and prints the
table with its rank and the reason. Nothing is kept. docs/own-kernels.md says what a kernel is given. Exits with 1 where it is out.
A SHAPE is N,C,H,W,K,R,S[,STRIDE[,PADDING[,DILATION[,GROUPS]]]], as for tune.

  --template        print the plainest kernel, to begin with
  --workgroups LIST a number, or X,Y,Z (default: one invocation for each element of the result)
  --group NUMBER    invocations of a workgroup: the constant GROUP (default 64)
  --direction NAME  forward (default), data or filter
  --dtype NAME      float32 (default) or float16
  --adapter NAME    race on this adapter (the doctor lists them)
  --budget MS       wall time for all (default 20000)
  --json FILE       write the choice with all candidates to a file; - is standard output
`;

const options = {
  template: { type: 'boolean' },
  workgroups: { type: 'string' },
  group: { type: 'string' },
  direction: { type: 'string' },
  dtype: { type: 'string' },
  adapter: { type: 'string' },
  budget: { type: 'string' },
  json: { type: 'string' },
} as const;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const { json } = values;
  const direction = directionOf(values.direction);
  provideShaders(readShaders());
  if (values.template) {
    process.stdout.write(convolutionTemplate(direction));
    return 0;
  }
  const [file, shape, ...rest] = positionals;
  if (file === undefined || shape === undefined || rest.length > 0)
    fail(`expected a file and a shape, got ${positionals.length} arguments; see --help`);
  const wgsl = await readFile(file, 'utf8').catch((error: unknown) => fail(`cannot read ${file}: ${messageOf(error)}`));
  const name = basename(file).slice(0, 40);
  if (!hasEntry({ name, wgsl })) fail(`${file} has no fn main; begin with race --template`);
  const group = wholeNumber('--group', values.group ?? '64');
  const workgroups = values.workgroups === undefined ? oneEach(group) : workgroupsOf(values.workgroups);
  addOwnConvolution({ name, wgsl, direction, workgroups, workgroupSize: group, constants: {}, deterministic: true });
  const problem = parseShape(shape, values);
  if (problem.operation !== 'conv2d') fail(`'${shape}' is a ${problem.operation}; a race is between convolutions`);
  const settings = { ...defaultSettings(), benchmark: true, benchmarkLimit: 0 };
  settings.benchmarkBudgetMs = wholeNumber('--budget', values.budget ?? '20000');
  const device = await Device.open((await openAdapter(values.adapter)).gpu);
  try {
    const chooser = new Chooser(device, settings, new PlanCache());
    const status = showStatus();
    chooser.onProgress = status.show;
    await chooser.choose(problem);
    status.end();
    const [choice] = chooser.takeChoices();
    const candidate = choice.candidates.find(({ own }) => own)!;
    textStream(json).write(`${formatChoice(choice)}\n${outcomeOf(choice, candidate)}\n`);
    await writeJson(json, 'wudnn-own-race/1', { choice });
    return candidate.status === 'success' ? 0 : 1;
  } finally {
    device.destroy();
  }
}

/** The rank of a kernel and the reason, in a sentence or two. */
function outcomeOf(choice: AlgorithmChoice, own: Candidate): string {
  const { algo, status, reason } = own;
  if (status !== 'success') return `${algo} is out (${status}): ${reason ?? 'without a reason'}`;
  const timed = choice.candidates.filter((candidate) => candidate.status === 'success');
  const rank = `${algo} is number ${timed.indexOf(own) + 1} of ${timed.length} that were timed`;
  const [first, second] = choice.candidates;
  if (first === own) return [`${rank}.`, second?.terms && reasonOf(own, second)].filter(Boolean).join(' ');
  const { text, detail } = verdictOf(choice, own);
  const verdict = detail === undefined ? text : `${text} (${detail})`;
  return [`${rank}, against ${[first.algo, first.config].filter(Boolean).join(' ')}: ${verdict}.`, reasonOf(first, own)]
    .filter(Boolean)
    .join(' ');
}

/** One invocation for each element of the result. */
const oneEach =
  (group: number) =>
  (d: ConvDescriptor): number =>
    Math.ceil(sizeOf(resultShape(d)) / group);

function workgroupsOf(text: string): Workgroups {
  const sizes = text.split(',').map((part) => wholeNumber('--workgroups', part));
  if (sizes.length === 1) return sizes[0];
  return sizes.length === 3
    ? [sizes[0], sizes[1], sizes[2]]
    : fail(`--workgroups ${text} has ${sizes.length} numbers; give one or three`);
}
