/**
 * @file The remote program: a recorded model as one Python file that a PyTorch user would have written, and that runs with
 * PyTorch alone.
 *
 * The file has three parts: the model's classes, the settings, and what reads the weights, runs and measures (python/*.py,
 * which are the same for every model).
 */
import { fail } from '../base/errors.ts';
import type { HostArray } from '../base/dtype.ts';
import type { Node, TracedModel } from '../graph/types.ts';
import type { PrintedModel } from './classes.ts';
import { printModel } from './classes.ts';
import type { Job, JobSettings, Training } from './job.ts';
import { defaultSettings, tensorNames } from './job.ts';
import { pythonString } from './names.ts';
import { pythonSource } from './python.ts';
import type { HostTensor } from '../base/safetensors.ts';
import { encodeSafetensors } from '../base/safetensors.ts';

/** Gives the numbers of a leaf; the engine reads them back from the device where they live there. */
export type ReadTensor = (node: Node) => Promise<HostArray>;

/** Makes the job of a recorded model: its program, and its weights and inputs as they are now. */
export async function createJob(model: TracedModel, read: ReadTensor, settings: Partial<JobSettings> = {}): Promise<Job> {
  const printed = printModel(model);
  const { training } = settings;
  if (training && training.target.shape[0] % training.processes !== 0) {
    fail(`program: a batch of ${training.target.shape[0]} cannot be shared evenly by ${training.processes} processes`);
  }
  const program = assemble(model, printed, { ...defaultSettings, ...settings });
  const tensors: [string, HostTensor][] = [];
  const add = async (name: string, node: Node): Promise<void> => {
    tensors.push([name, { shape: node.shape, dtype: node.dtype, data: await read(node) }]);
  };
  for (const [key, node] of printed.state) await add(tensorNames.state(key), node);
  for (const [i, node] of model.inputs.entries()) await add(tensorNames.input(printed.inputs[i]), node);
  if (training) tensors.push([tensorNames.target, training.target]);
  return { model: model.name, program, tensors: encodeSafetensors(tensors) };
}

/** Reads what is on the host already. */
export const readHost: ReadTensor = async (node) =>
  node.value?.host ?? fail(`program: a tensor of shape ${node.shape.join('×')} has no numbers on the host; read it back first`);

function assemble(model: TracedModel, printed: PrintedModel, settings: JobSettings): string {
  const parts = partsOf(settings);
  const imports = [...new Set(['contextlib', 'hashlib', 'json', 'math', 'os', 'platform', 'resource', 'sys', 'time', ...parts.flatMap((part) => part.imports ?? [])])].toSorted();
  const names = (list: readonly string[]): string => `[${list.map(pythonString).join(', ')}]`;
  return [
    `"""${model.name}, recorded by wuDNN: the same layers, weights and inputs in PyTorch.\n`,
    'python job.py [folder] reads job.safetensors there and writes results.safetensors and report.json.',
    '"""',
    ...imports.map((name) => `import ${name}`),
    ...(printed.code.includes('OrderedDict(') ? ['from collections import OrderedDict'] : []),
    '',
    'import torch',
    'import torch.nn as nn',
    ...(/\bF\./.test(printed.code) ? ['import torch.nn.functional as F'] : []),
    '',
    `device = ${printDevice(settings.device)}`,
    '\n',
    printed.code,
    '\n',
    `MODEL = ${printed.className}`,
    `INPUTS = ${names(printed.inputs)}`,
    `OUTPUTS = ${names(printed.outputs)}`,
    `SETTINGS = ${printSettings(settings, isTraining(model))}`,
    ...(settings.training ? [`TRAINING = ${printTraining(settings.training)}`] : []),
    '\n',
    ...parts.map(({ file }) => `${pythonSource(file)}\n`),
    `PARTS = [${parts.map((part) => part.run).join(', ')}]`,
    '\n',
    pythonSource('job.py'),
    '',
    printEntry(parts),
  ].join('\n');
}

interface Part {
  readonly file: string;
  /** The function of it that the program calls. */
  readonly run: string;
  /** What it imports beside what every program does. */
  readonly imports?: readonly string[];
  /** Starts the program once more, as a process of its own: when that is so, and the call then. */
  readonly entry?: readonly [condition: string, call: string];
}

const find: Part = { file: 'find.py', run: 'find_algorithms', imports: ['ctypes', 'subprocess'], entry: ['"--find" in sys.argv', 'find_alone(sys.argv[1], sys.argv[3])'] };
const distributed: Part = { file: 'distributed.py', run: 'measure_scaling', imports: ['subprocess'], entry: ['"TORCHELASTIC_RUN_ID" in os.environ', 'train_one_rank(sys.argv[1], sys.argv[2])'] };

/** What the program does beside the timed runs. Training comes last, since it changes the weights. */
function partsOf({ layers, activations, kernels, findAlgorithms, training }: JobSettings): Part[] {
  return [
    ...(layers || activations ? [{ file: 'layers.py', run: 'measure_layers' }] : []),
    ...(kernels ? [{ file: 'kernels.py', run: 'list_kernels' }] : []),
    ...(findAlgorithms ? [find] : []),
    ...(training ? [{ file: 'training.py', run: 'train' }] : []),
    ...(training && training.processes > 1 ? [distributed] : []),
  ];
}

/** Where the program begins, also when it is a process that it started itself. */
function printEntry(parts: readonly Part[]): string {
  const alone = 'main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))';
  const entries = parts.flatMap(({ entry }) => (entry ? [entry] : []));
  const branches = entries.map(([condition, call], i) => `${i === 0 ? 'if' : 'elif'} ${condition}:\n    ${call}`);
  const lines = branches.length === 0 ? [alone] : [...branches, `else:\n    ${alone}`];
  return `if __name__ == "__main__":\n${lines.join('\n').replace(/^/gm, '    ')}\n`;
}

function printDevice(device: JobSettings['device']): string {
  return device === 'auto' ? 'torch.device("cuda" if torch.cuda.is_available() else "cpu")' : `torch.device(${pythonString(device)})`;
}

type Plain = string | number | boolean | null;

function printSettings(settings: JobSettings, trainingMode: boolean): string {
  return printDict({
    dtype: settings.dtype,
    autocast: settings.autocast,
    allow_tf32: settings.allowTf32,
    channels_last: settings.channelsLast,
    compile: settings.compile,
    benchmark: settings.benchmark,
    deterministic: settings.deterministic,
    training_mode: trainingMode,
    activations: settings.activations,
    warmup: settings.warmup,
    repeats: settings.repeats,
  });
}

function printTraining({ steps, loss, optimizer, options, processes }: Training): string {
  const arguments_ = Object.entries(options).map(([key, value]) => `${pythonString(key)}: ${printValue(value)}`);
  return `{
    "steps": ${steps},
    "loss": ${pythonString(loss)},
    "optimizer": ${pythonString(optimizer)},
    "options": {${arguments_.join(', ')}},
    "processes": ${processes},
}`;
}

function printDict(entries: Readonly<Record<string, Plain>>): string {
  return `{\n${Object.entries(entries).map(([key, value]) => `    ${pythonString(key)}: ${printValue(value)},\n`).join('')}}`;
}

function printValue(value: Plain): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? String(value) : pythonString(value);
}

/** Whether the model was called in training mode: batch normalisation and dropout say so. */
function isTraining(model: TracedModel): boolean {
  const seen = new Set<Node>();
  const stack = [...model.outputs];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.attrs['training'] === true) return true;
    stack.push(...node.inputs);
  }
  return false;
}
