/**
 * @file The remote program: a recorded model as one Python file that a PyTorch user would have written, and that runs with
 * PyTorch alone.
 *
 * The file has three parts: the model's classes, the settings, and the part that reads the weights, runs and measures
 * (python/job.py, which is the same for every model).
 */
import { fail } from '../base/errors.ts';
import type { HostArray } from '../base/dtype.ts';
import type { Node, TracedModel } from '../graph/types.ts';
import { printModel } from './classes.ts';
import type { Job, JobSettings } from './job.ts';
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
  const program = assemble(model, printed, { ...defaultSettings, ...settings });
  const tensors: [string, HostTensor][] = [];
  const add = async (name: string, node: Node): Promise<void> => {
    tensors.push([name, { shape: node.shape, dtype: node.dtype, data: await read(node) }]);
  };
  for (const [key, node] of printed.state) await add(tensorNames.state(key), node);
  for (const [i, node] of model.inputs.entries()) await add(tensorNames.input(printed.inputs[i]), node);
  return { model: model.name, program, tensors: encodeSafetensors(tensors) };
}

/** Reads what is on the host already. */
export const readHost: ReadTensor = async (node) =>
  node.value?.host ?? fail(`program: a tensor of shape ${node.shape.join('×')} has no numbers on the host; read it back first`);

function assemble(model: TracedModel, printed: ReturnType<typeof printModel>, settings: JobSettings): string {
  const standard = ['contextlib', 'json', 'math', 'os', 'platform', 'resource', 'sys', 'time'];
  const names = (list: readonly string[]): string => `[${list.map(pythonString).join(', ')}]`;
  return [
    `"""${model.name}, recorded by wuDNN: the same layers, weights and inputs in PyTorch.\n`,
    'python job.py [folder] reads job.safetensors there and writes results.safetensors and report.json.',
    '"""',
    ...standard.map((name) => `import ${name}`),
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
    '\n',
    pythonSource('job.py'),
  ].join('\n');
}

function printDevice(device: JobSettings['device']): string {
  return device === 'auto' ? 'torch.device("cuda" if torch.cuda.is_available() else "cpu")' : `torch.device(${pythonString(device)})`;
}

function printSettings(settings: JobSettings, trainingMode: boolean): string {
  const value = (v: string | number | boolean | null): string =>
    v === null ? 'None' : typeof v === 'boolean' ? (v ? 'True' : 'False') : typeof v === 'number' ? String(v) : pythonString(v);
  const rows: [string, string | number | boolean | null][] = [
    ['dtype', settings.dtype],
    ['autocast', settings.autocast],
    ['allow_tf32', settings.allowTf32],
    ['channels_last', settings.channelsLast],
    ['compile', settings.compile],
    ['benchmark', settings.benchmark],
    ['deterministic', settings.deterministic],
    ['training_mode', trainingMode],
    ['warmup', settings.warmup],
    ['repeats', settings.repeats],
  ];
  return `{\n${rows.map(([key, v]) => `    ${pythonString(key)}: ${value(v)},\n`).join('')}}`;
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
