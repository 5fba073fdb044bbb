/**
 * @file The remote program: a recorded model as one Python file that a PyTorch user would have written, and that runs
 * with PyTorch alone.
 *
 * The file has three parts: the model's classes, the settings, and what reads the weights, runs and measures
 * (python/*.py, which are the same for every model).
 */
import { fail } from '../base/errors.ts';
import type { HostArray } from '../base/dtype.ts';
import { isFloat } from '../base/dtype.ts';
import { pythonLiteral, pythonString, snakeCase } from '../base/python.ts';
import type { Node, OptimizerOption, TracedModel, TracedOptimizer } from '../graph/types.ts';
import { reached } from '../graph/walk.ts';
import { capturedGradients, capturedLayers } from './capture.ts';
import type { PrintedModel } from './classes.ts';
import { printModel } from './classes.ts';
import type { Job, JobSettings, Training } from './job.ts';
import { defaultSettings, tensorNames } from './job.ts';
import type { PrintedLoss } from './loss.ts';
import { printLoss } from './loss.ts';
import { deviceLine, entryOf, functional, howToRun, importLines, orderedDict, partsOf } from './parts.ts';
import { checkJob } from './printed/check.ts';
import { pythonSource } from './python.ts';
import type { HostTensor } from '../base/safetensors.ts';
import { encodeSafetensors } from '../base/safetensors.ts';

/** Gives the numbers of a leaf; the engine reads them back from the device where they live there. */
export type ReadTensor = (node: Node) => Promise<HostArray>;

/** Makes the job of a recorded model: its program, and its weights and inputs as they are now. */
export async function createJob(
  model: TracedModel,
  read: ReadTensor,
  settings: Partial<JobSettings> = {},
): Promise<Job> {
  const printed = printModel(model);
  const complete = { ...defaultSettings, ...precisionOf(model), ...settings };
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
  return checkJob({ model: printed.className, program, tensors: encodeSafetensors(tensors) });
}

/** As the program ran it: under autocast, or with all weights in bfloat16. */
function precisionOf({ autocast, state }: TracedModel): Partial<JobSettings> {
  if (autocast === 'float16' || autocast === 'bfloat16') return { autocast };
  const floats = [...state.values()].filter(({ dtype }) => isFloat(dtype));
  return floats.length > 0 && floats.every(({ dtype }) => dtype === 'bfloat16') ? { dtype: 'bfloat16' } : {};
}

function checkTraining({ name, inputs, training }: TracedModel, { processes }: Training): void {
  if (!training?.optimizer)
    fail(
      `program: ${name} was not trained by one optimizer of one group with a loss computed from its outputs, so there are no steps to repeat`,
    );
  const batch = inputs[0].shape[0];
  if (batch % processes !== 0) fail(`program: a batch of ${batch} cannot be shared evenly by ${processes} processes`);
}

function assemble(
  model: TracedModel,
  printed: PrintedModel,
  loss: PrintedLoss | undefined,
  settings: JobSettings,
): string {
  const parts = partsOf(settings);
  return [
    `"""${printed.className}, recorded by wuDNN: the same layers, weights and inputs in PyTorch.\n`,
    ...howToRun,
    ...importLines(parts),
    ...(printed.code.includes('OrderedDict(') ? [orderedDict] : []),
    '',
    'import torch',
    'import torch.nn as nn',
    ...(/\bF\./.test(printed.code + (loss?.code ?? '')) ? [functional] : []),
    '',
    deviceLine(settings.device),
    '\n',
    ...(printed.code.includes('F.scaled_dot_product_attention') ? [`${pythonSource('attention.py')}\n`] : []),
    printed.code,
    '\n',
    ...(loss?.code ? [loss.code, '\n'] : []),
    `MODEL = ${printed.className}`,
    `INPUTS = ${printNames(printed.inputs)}`,
    `OUTPUTS = ${printNames(printed.outputs)}`,
    ...(settings.activations || settings.layers
      ? [`ACTIVATIONS = ${printNames(settings.activations ? [...capturedLayers(model).kept.keys()] : [])}`]
      : []),
    ...(settings.gradients ? [`GRADIENTS = ${printNames([...capturedGradients(model).kept.keys()])}`] : []),
    ...(loss
      ? [`LOSS = ${loss.className ?? 'None'}`, `TARGETS = ${printNames(loss.targets.map(([name]) => name))}`]
      : []),
    `SETTINGS = ${printSettings(settings, isTraining(model))}`,
    ...(settings.training ? [`TRAINING = ${printTraining(settings.training, model.training!.optimizer!)}`] : []),
    '\n',
    ...parts.map(({ file }) => `${pythonSource(file)}\n`),
    `PARTS = [${parts.flatMap(({ run }) => run ?? []).join(', ')}]`,
    '\n',
    pythonSource('job.py'),
    '',
    entryOf(parts),
  ].join('\n');
}

type Plain = string | number | boolean | null;

function printNames(names: readonly string[]): string {
  const flat = `[${names.map(pythonString).join(', ')}]`;
  return flat.length <= 100 ? flat : `[\n${names.map((name) => `    ${pythonString(name)},\n`).join('')}]`;
}

/** PyTorch's switches, as the fixed parts read them. */
export function printSettings(settings: JobSettings, trainingMode: boolean): string {
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
  const arguments_ = Object.entries(options).map(
    ([key, value]) => `${pythonString(snakeCase(key))}: ${printOption(value)}`,
  );
  return `{
    "steps": ${steps},
    "optimizer": ${pythonString(name)},
    "options": {${arguments_.join(', ')}},
    "frozen": ${printNames(frozen)},
    "processes": ${processes},
}`;
}

function printOption(value: OptimizerOption): string {
  return typeof value === 'object' ? `(${value.map(pythonLiteral).join(', ')})` : pythonLiteral(value);
}

function printDict(entries: Readonly<Record<string, Plain>>): string {
  return `{\n${Object.entries(entries)
    .map(([key, value]) => `    ${pythonString(key)}: ${pythonLiteral(value)},\n`)
    .join('')}}`;
}

/** Whether the model was called in training mode: batch normalisation and dropout say so. */
function isTraining(model: TracedModel): boolean {
  for (const node of reached(model.outputs)) if (node.attrs['training'] === true) return true;
  return false;
}
