/**
 * @file Which of PyTorch's public names are here, and which the table of absent ones lists.
 */
import type { Space } from '../../src/torch/absent.ts';
import { absences, pytorchSpaces } from '../../src/torch/absent.ts';
import { F, nn, optim, torch } from '../../src/torch/index.ts';
import { pythonName } from '../ops/tested.ts';

/** The namespaces as they are; of those that are not here, nothing. */
const present: Readonly<Record<Space, object>> = {
  torch,
  nn,
  F,
  optim,
  'optim.lrScheduler': optim.lrScheduler,
  linalg: {},
  fft: {},
};

/** What PyTorch has under another path, or not at all. */
const ours = new Set(
  `torch.Device torch.sync torch.chooseQparams torch.dequantizePerChannel torch.dequantizePerTensor torch.intMm
  F.bceWithLogits F.quantizedConv2d F.quantizedLinear`
    .trim()
    .split(/\s+/),
);

/** Functions and classes of a namespace that are PyTorch's, by its names. */
export const namesHere = (space: Space): string[] =>
  Object.entries(present[space])
    .filter(([name, value]) => typeof value === 'function' && !ours.has(`${space}.${name}`))
    .map(([name]) => (/^[A-Z]/.test(name) ? name : pythonName(name)));

export const namesAbsent = (space: Space): string[] =>
  absences.flatMap(({ names }) => names[space]?.split(/\s+/).filter(Boolean) ?? []);

export const spaces = Object.keys(pytorchSpaces) as Space[];
