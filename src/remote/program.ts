/**
 * @file The remote program: a recorded model as one Python file that a PyTorch user would have written, and that runs with
 * PyTorch alone.
 *
 * The file has three parts: the model's classes, the settings, and what reads the weights, runs and measures (python/*.py,
 * which are the same for every model).
 */
import { fail } from '../base/errors.ts';
import type { HostArray } from '../base/dtype.ts';
import { pythonNumber } from '../graph/ops/full.ts';
import type { Node, OptimizerOption, TracedModel, TracedOptimizer } from '../graph/types.ts';
import { capturedGradients, capturedLayers } from './capture.ts';
import type { PrintedModel } from './classes.ts';
import { printModel } from './classes.ts';
import type { Job, JobSettings, Training } from './job.ts';
import { defaultSettings, tensorNames } from './job.ts';
import type { PrintedLoss } from './loss.ts';
import { printLoss } from './loss.ts';
import { pythonString } from './names.ts';
import { pythonSource } from './python.ts';
import type { HostTensor } from '../base/safetensors.ts';
import { encodeSafetensors } from '../base/safetensors.ts';

/** Gives the numbers of a leaf; the engine reads them back from the device where they live there. */
export type ReadTensor = (node: Node) => Promise<HostArray>;

/** Makes the job of a recorded model: its program, and its weights and inputs as they are now. */
export async function createJob(model: TracedModel, read: ReadTensor, settings: Partial<JobSettings> = {}): Promise<Job> {
  const printed = printModel(model);
  const complete = { ...defaultSettings, ...settings };
  const { training, gradients } = complete;
  if (training) checkTraining(model, training);
  const loss = training || gradients ? printLoss(model, printed) : undefined;
  const program = assemble(model, printed, loss, complete);
  const tensors: [string, HostTensor][] = [];
  const add = async (name: string, node: Node): Promise<void> => {
    tensors.push([name, { shape: node.shape, dtype: node.dtype, data: await read(node) }]);
  };
  for (const [key, node] of printed.state) await add(tensorNames.state(key), node);
  for (const [i, node] of model.inputs.entries()) await add(tensorNames.input(printed.inputs[i]), node);
  for (const [name, node] of loss?.targets ?? []) await add(tensorNames.target(name), node);
  return { model: model.name, program, tensors: encodeSafetensors(tensors) };
}

/** Reads what is on the host already. */
export const readHost: ReadTensor = async (node) =>
  node.value?.host ?? fail(`program: a tensor of shape ${node.shape.join('×')} has no numbers on the host; read it back first`);

function checkTraining({ name, inputs, training }: TracedModel, { processes }: Training): void {
  if (!training?.optimizer) fail(`program: ${name} was not trained by one optimizer of one group with a loss of its outputs, so there are no steps to repeat`);
  const batch = inputs[0].shape[0];
  if (batch % processes !== 0) fail(`program: a batch of ${batch} cannot be shared evenly by ${processes} processes`);
}

function assemble(model: TracedModel, printed: PrintedModel, loss: PrintedLoss | undefined, settings: JobSettings): string {
  const parts = partsOf(settings);
  const imports = [...new Set(['contextlib', 'hashlib', 'json', 'math', 'os', 'platform', 'resource', 'sys', 'time', ...parts.flatMap((part) => part.imports ?? [])])].toSorted();
  return [
    `"""${model.name}, recorded by wuDNN: the same layers, weights and inputs in PyTorch.\n`,
    'python job.py [folder] reads job.safetensors there and writes results.safetensors and report.json.',
    '"""',
    ...imports.map((name) => `import ${name}`),
    ...(printed.code.includes('OrderedDict(') ? ['from collections import OrderedDict'] : []),
    '',
    'import torch',
    'import torch.nn as nn',
    ...(/\bF\./.test(printed.code + (loss?.code ?? '')) ? ['import torch.nn.functional as F'] : []),
    '',
    `device = ${printDevice(settings.device)}`,
    '\n',
    ...(printed.code.includes('F.scaled_dot_product_attention') ? [`${pythonSource('attention.py')}\n`] : []),
    printed.code,
    '\n',
    ...(loss?.code ? [loss.code, '\n'] : []),
    `MODEL = ${printed.className}`,
    `INPUTS = ${printNames(printed.inputs)}`,
    `OUTPUTS = ${printNames(printed.outputs)}`,
    ...(settings.activations || settings.layers ? [`ACTIVATIONS = ${printNames(settings.activations ? [...capturedLayers(model).kept.keys()] : [])}`] : []),
    ...(settings.gradients ? [`GRADIENTS = ${printNames([...capturedGradients(model).kept.keys()])}`] : []),
    ...(loss ? [`LOSS = ${loss.className ?? 'None'}`, `TARGETS = ${printNames(loss.targets.map(([name]) => name))}`] : []),
    `SETTINGS = ${printSettings(settings, isTraining(model))}`,
    ...(settings.training ? [`TRAINING = ${printTraining(settings.training, model.training!.optimizer!)}`] : []),
    '\n',
    ...parts.map(({ file }) => `${pythonSource(file)}\n`),
    `PARTS = [${parts.flatMap(({ run }) => run ?? []).join(', ')}]`,
    '\n',
    pythonSource('job.py'),
    '',
    printEntry(parts),
  ].join('\n');
}

interface Part {
  readonly file: string;
  /** The function of it that the program calls; absent where other parts call it. */
  readonly run?: string;
  /** What it imports beside what every program does. */
  readonly imports?: readonly string[];
  /** Starts the program once more, as a process of its own: when that is so, and the call then. */
  readonly entry?: readonly [condition: string, call: string];
}

const find: Part = { file: 'find.py', run: 'find_algorithms', imports: ['ctypes', 'subprocess'], entry: ['"--find" in sys.argv', 'find_alone(sys.argv[1], sys.argv[3])'] };
const distributed: Part = { file: 'distributed.py', run: 'measure_scaling', imports: ['subprocess'], entry: ['"TORCHELASTIC_RUN_ID" in os.environ', 'train_one_rank(sys.argv[1], sys.argv[2])'] };

/** What the program does beside the timed runs. Training comes last, since it changes the weights. */
function partsOf({ layers, activations, gradients, kernels, findAlgorithms, training }: JobSettings): Part[] {
  return [
    ...(layers || activations ? [{ file: 'layers.py', run: 'measure_layers' }] : []),
    ...(kernels ? [{ file: 'kernels.py', run: 'list_kernels' }] : []),
    ...(findAlgorithms ? [find] : []),
    ...(gradients || training ? [{ file: 'loss.py' }] : []),
    ...(gradients ? [{ file: 'gradients.py', run: 'take_gradients' }] : []),
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

function printNames(names: readonly string[]): string {
  const flat = `[${names.map(pythonString).join(', ')}]`;
  return flat.length <= 100 ? flat : `[\n${names.map((name) => `    ${pythonString(name)},\n`).join('')}]`;
}

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
    warmup: settings.warmup,
    repeats: settings.repeats,
  });
}

function printTraining({ steps, processes }: Training, { name, options, frozen }: TracedOptimizer): string {
  const arguments_ = Object.entries(options).map(([key, value]) => `${pythonString(toSnakeCase(key))}: ${printOption(value)}`);
  return `{
    "steps": ${steps},
    "optimizer": ${pythonString(name)},
    "options": {${arguments_.join(', ')}},
    "frozen": ${printNames(frozen)},
    "processes": ${processes},
}`;
}

/** `weight_decay` for `weightDecay`. */
function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function printOption(value: OptimizerOption): string {
  return typeof value === 'object' ? `(${value.map(printValue).join(', ')})` : printValue(value);
}

function printDict(entries: Readonly<Record<string, Plain>>): string {
  return `{\n${Object.entries(entries).map(([key, value]) => `    ${pythonString(key)}: ${printValue(value)},\n`).join('')}}`;
}

function printValue(value: Plain): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? pythonNumber(value) : pythonString(value);
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
