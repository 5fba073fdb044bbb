/**
 * @file Prints the loss of a training program as a module of PyTorch: what happens between the model's outputs and the
 * number that the program went backward from.
 */
import type { Node, TracedModel } from '../graph/types.ts';
import type { PrintedModel } from './classes.ts';
import { printModel } from './classes.ts';
import { argumentNames } from './names.ts';

export interface PrintedLoss {
  /** Absent where the program has no loss of its own: then it is the sum of the outputs. */
  readonly className?: string;
  readonly code?: string;
  /** The leaves that it reads beside the outputs, by the name of its argument. */
  readonly targets: readonly (readonly [name: string, node: Node])[];
}

/** The loss's class; its arguments are the model's outputs and then the targets. */
export function printLoss({ outputs, training }: TracedModel, model: PrintedModel): PrintedLoss {
  if (!training) return { targets: [] };
  const inputs = [...outputs, ...training.targets];
  const name = freeName(model.code);
  const { code, className } = printModel({ name, inputs, state: new Map(), outputs: [training.loss] });
  const names = argumentNames(inputs.length).slice(outputs.length);
  return { className, code, targets: training.targets.map((node, i) => [names[i], node] as const) };
}

function freeName(code: string): string {
  let name = 'Loss';
  while (code.includes(`class ${name}(`)) name += '_';
  return name;
}
